/* Enrolls an authenticator and signs in with it. One row in memory stands for your database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <twinlock.h>

#define TEXT(s) (s), strlen(s)
#define ROW row.record, row.length

static struct { uint8_t record[TWINLOCK_RECORD_MAX]; size_t length; } row;

static void check(int32_t status)
{
    char text[128];
    size_t length = 0;
    if (status == TWINLOCK_OK) return;
    if (twinlock_status_message(status, text, sizeof text, &length) == TWINLOCK_OK)
        fprintf(stderr, "%.*s\n", (int)length, text);
    exit(1);
}

/* Your program: UPDATE ... SET record = ?, version = version + 1 WHERE subject = ? AND version = ?,
   and the number of rows changed to the commit. On TWINLOCK_E_COMMIT_LOST load and call again. */
static void store_and_commit(twinlock_pending *pending)
{
    uint8_t record[TWINLOCK_RECORD_MAX];
    size_t length = 0;
    check(twinlock_pending_record(pending, record, sizeof record, &length));
    if (length > 0) memcpy(row.record, record, row.length = length);
    check(twinlock_pending_commit(pending, 1));
}

int main(void)
{
    twinlock_config *config;
    twinlock_engine *engine;
    twinlock_pending *pending;
    twinlock_proof *proof;
    twinlock_tokens *tokens;
    char keys[64], secret[64], code[8], challenge[1024], access[2048];
    size_t keys_length, secret_length, code_length, challenge_length, access_length;
    int64_t now = (int64_t)time(NULL);

    check(twinlock_keyring_generate(keys, sizeof keys, &keys_length)); /* once; keep it like a password */
    check(twinlock_config_new(&config));
    check(twinlock_config_set_text(config, TWINLOCK_OPT_ISSUER, TEXT("Acme")));
    check(twinlock_config_set_text(config, TWINLOCK_OPT_KEYS, keys, keys_length));
    check(twinlock_engine_new(&config, &engine));

    /* Enrollment: show TWINLOCK_FIELD_URI as a QR code (twinlock_qr_svg). */
    check(twinlock_engine_begin_enrollment(engine, TEXT("42"), ROW, TEXT("alice@example.com"), NULL, 0,
                                           now, &pending));
    store_and_commit(pending);
    check(twinlock_pending_text(pending, TWINLOCK_FIELD_SECRET, 0, secret, sizeof secret, &secret_length));
    twinlock_pending_free(pending);

    /* The user's first code; here the program plays the authenticator. TWINLOCK_FIELD_BACKUP_CODE: shown once. */
    check(twinlock_totp_generate(secret, secret_length, TWINLOCK_ALGORITHM_SHA1, 6, 30, now,
                                 code, sizeof code, &code_length));
    check(twinlock_engine_confirm_enrollment(engine, TEXT("42"), ROW, code, code_length, now, &pending));
    store_and_commit(pending);
    twinlock_pending_free(pending);

    /* Sign-in, half a minute later: the password was right, so a challenge goes to the client ... */
    now += 30;
    check(twinlock_engine_begin_sign_in(engine, TEXT("42"), ROW, TEXT("pwd"), now, NULL, 0, now, &pending));
    store_and_commit(pending);
    check(twinlock_pending_text(pending, TWINLOCK_FIELD_CHALLENGE, 0, challenge, sizeof challenge,
                                &challenge_length));
    twinlock_pending_free(pending);

    /* ... and comes back with a code. */
    check(twinlock_totp_generate(secret, secret_length, TWINLOCK_ALGORITHM_SHA1, 6, 30, now,
                                 code, sizeof code, &code_length));
    check(twinlock_engine_finish_sign_in(engine, ROW, challenge, challenge_length, NULL, 0,
                                         TWINLOCK_ANSWER_OTP, code, code_length, now, &pending));
    store_and_commit(pending);
    check(twinlock_pending_proof(pending, &proof));
    twinlock_pending_free(pending);

    check(twinlock_engine_mint(engine, &proof, NULL, 0, now, &tokens));
    check(twinlock_tokens_text(tokens, TWINLOCK_FIELD_ACCESS, access, sizeof access, &access_length));
    printf("Signed in. Access token: %.*s\n", (int)access_length, access);

    twinlock_tokens_free(tokens);
    twinlock_engine_free(engine);
    twinlock_wipe(keys, sizeof keys);
    twinlock_wipe(secret, sizeof secret);
    return 0;
}
