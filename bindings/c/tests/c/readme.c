/* Enroll an authenticator and sign in with it. One row in memory stands for your database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <twinlock.h>

#define TEXT(s) (s), strlen(s)

static struct { uint8_t record[TWINLOCK_RECORD_MAX]; size_t length; int version; } row;

/* UPDATE second_factor SET record = ?, version = version + 1 WHERE subject = ? AND version = ? */
static int64_t store(const twinlock_pending *pending, int version)
{
    size_t length = 0;
    uint8_t record[TWINLOCK_RECORD_MAX];
    if (twinlock_pending_record(pending, record, sizeof record, &length) != TWINLOCK_OK) exit(1);
    if (length == 0 || row.version != version) return 0;
    memcpy(row.record, record, length);
    row.length = length;
    row.version++;
    return 1;
}

static void check(int32_t status)
{
    char text[128];
    size_t length = 0;
    if (status == TWINLOCK_OK) return;
    if (twinlock_status_message(status, text, sizeof text, &length) == TWINLOCK_OK)
        fprintf(stderr, "%.*s\n", (int)length, text);
    exit(1);
}

int main(void)
{
    twinlock_config *config = NULL;
    twinlock_engine *engine = NULL;
    twinlock_pending *pending = NULL;
    twinlock_proof *proof = NULL;
    twinlock_tokens *tokens = NULL;
    char keys[64], secret[64], code[8], challenge[1024], access[2048];
    size_t length, code_length, challenge_length;
    int64_t now = (int64_t)time(NULL);

    /* Once: keep this text where you keep passwords. */
    check(twinlock_keyring_generate(keys, sizeof keys, &length));

    check(twinlock_config_new(&config));
    check(twinlock_config_set_text(config, TWINLOCK_OPT_ISSUER, TEXT("Acme")));
    check(twinlock_config_set_text(config, TWINLOCK_OPT_KEYS, keys, length));
    check(twinlock_engine_new(&config, &engine));

    /* Enroll: show TWINLOCK_FIELD_URI as a QR code. Here the program itself plays the authenticator. */
    check(twinlock_engine_begin_enrollment(engine, TEXT("42"), row.record, row.length,
                                           TEXT("alice@example.com"), NULL, 0, now, &pending));
    check(twinlock_pending_commit(pending, store(pending, row.version)));
    check(twinlock_pending_text(pending, TWINLOCK_FIELD_SECRET, 0, secret, sizeof secret, &length));
    twinlock_pending_free(pending);
    check(twinlock_totp_generate(secret, length, TWINLOCK_ALGORITHM_SHA1, 6, 30, now,
                                 code, sizeof code, &code_length));

    /* Confirm with a first code; TWINLOCK_FIELD_BACKUP_CODE holds codes to show once. */
    check(twinlock_engine_confirm_enrollment(engine, TEXT("42"), row.record, row.length,
                                             code, code_length, now, &pending));
    check(twinlock_pending_commit(pending, store(pending, row.version)));
    twinlock_pending_free(pending);

    /* Sign in: the password was right, so hand out a challenge. */
    now += 30;
    check(twinlock_engine_begin_sign_in(engine, TEXT("42"), row.record, row.length,
                                        TEXT("pwd"), now, NULL, 0, now, &pending));
    check(twinlock_pending_commit(pending, store(pending, row.version)));
    check(twinlock_pending_text(pending, TWINLOCK_FIELD_CHALLENGE, 0, challenge, sizeof challenge,
                                &challenge_length));
    twinlock_pending_free(pending);

    /* The challenge comes back with a code. */
    check(twinlock_totp_generate(secret, length, TWINLOCK_ALGORITHM_SHA1, 6, 30, now,
                                 code, sizeof code, &code_length));
    check(twinlock_engine_finish_sign_in(engine, row.record, row.length, challenge, challenge_length,
                                         NULL, 0, TWINLOCK_ANSWER_OTP, code, code_length, now, &pending));
    check(twinlock_pending_commit(pending, store(pending, row.version)));
    check(twinlock_pending_proof(pending, &proof));
    twinlock_pending_free(pending);

    check(twinlock_engine_mint(engine, &proof, NULL, 0, now, &tokens));
    check(twinlock_tokens_text(tokens, TWINLOCK_FIELD_ACCESS, access, sizeof access, &length));
    printf("signed in; the access token has %u bytes\n", (unsigned)length);

    twinlock_tokens_free(tokens);
    twinlock_engine_free(engine);
    twinlock_wipe(keys, sizeof keys);
    twinlock_wipe(secret, sizeof secret);
    return 0;
}
