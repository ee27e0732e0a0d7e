/* Several devices of all kinds, and what comes from other systems. */
#include "support.h"

#define LATER (NOW + 3600)
#define STEAM "otpauth://steam/Steam:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Steam"

static text_t hotp(const text_t *secret, uint64_t counter)
{
    text_t code;
    EXPECT(TWINLOCK_OK, twinlock_hotp_generate(TEXT(*secret), TWINLOCK_ALGORITHM_SHA256, 8, counter, INTO(code)));
    return code;
}

static text_t a_counter_device_is_added(twinlock_engine *engine, row_t *row, const text_t *phone, text_t *id)
{
    twinlock_pending *pending = NULL;
    twinlock_proof *proof;
    text_t code = code_at(phone, LATER), secret, owner;
    size_t count = 99;
    EXPECT(TWINLOCK_OK, twinlock_engine_add_device(engine, SUBJECT, ROW(row), TWINLOCK_ANSWER_OTP, TEXT(code),
                                                   LITERAL("alice"), LITERAL("token"), TWINLOCK_DEVICE_HOTP,
                                                   TWINLOCK_ALGORITHM_SHA256, 8, 0, LATER, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    secret = pending_text(pending, TWINLOCK_FIELD_SECRET, 0);
    twinlock_pending_free(pending);
    code = hotp(&secret, 0);
    EXPECT(TWINLOCK_OK, twinlock_engine_confirm_enrollment(engine, SUBJECT, ROW(row), TEXT(code), LATER, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    *id = pending_text(pending, TWINLOCK_FIELD_DEVICE_ID, 0);
    EXPECT(TWINLOCK_OK, twinlock_pending_count(pending, TWINLOCK_FIELD_BACKUP_CODE, &count));
    CHECK(count == 0);
    twinlock_pending_free(pending);
    code = hotp(&secret, 1);
    proof = sign_in(engine, row, &code, LATER);
    EXPECT(TWINLOCK_OK, twinlock_proof_text(proof, TWINLOCK_FIELD_DEVICE_ID, 0, INTO(owner)));
    CHECK(text_equals(&owner, id));
    twinlock_proof_free(proof);
    return secret;
}

static void a_counter_that_ran_ahead_is_found_again(twinlock_engine *engine, row_t *row, const text_t *secret,
                                                    const text_t *id)
{
    twinlock_pending *pending = NULL;
    text_t first = hotp(secret, 60), second = hotp(secret, 61), third = hotp(secret, 62);
    text_t token = challenge(engine, row, LATER);
    EXPECT(TWINLOCK_R_WRONG_CODE, verdict(engine, row, &token, TWINLOCK_ANSWER_OTP, &first, LATER));
    EXPECT(TWINLOCK_OK, twinlock_engine_resync_device(engine, SUBJECT, ROW(row), TEXT(*id), TEXT(second), TEXT(first),
                                                      LATER, &pending));
    EXPECT(TWINLOCK_R_WRONG_CODE, settle(row, pending));
    EXPECT(TWINLOCK_OK, twinlock_engine_resync_device(engine, SUBJECT, ROW(row), LITERAL("00"), TEXT(first),
                                                      TEXT(second), LATER, &pending));
    EXPECT(TWINLOCK_R_DEVICE_UNKNOWN, settle(row, pending));
    EXPECT(TWINLOCK_OK, twinlock_engine_resync_device(engine, SUBJECT, ROW(row), TEXT(*id), TEXT(first), TEXT(second),
                                                      LATER, &pending));
    EXPECT(TWINLOCK_OK, settle(row, pending));
    token = challenge(engine, row, LATER);
    EXPECT(TWINLOCK_R_REPLAYED, verdict(engine, row, &token, TWINLOCK_ANSWER_OTP, &second, LATER));
    EXPECT(TWINLOCK_OK, verdict(engine, row, &token, TWINLOCK_ANSWER_OTP, &third, LATER));
}

static text_t devices_come_from_elsewhere_once(twinlock_engine *engine, row_t *row)
{
    twinlock_pending *pending = NULL;
    text_t id, again, code, secret;
    EXPECT(TWINLOCK_OK, twinlock_engine_import_device_uri(engine, SUBJECT, ROW(row), LITERAL("Steam"), LITERAL(STEAM),
                                                          LATER, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    id = pending_text(pending, TWINLOCK_FIELD_DEVICE_ID, 0);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_secret_from_bytes((const uint8_t *)"12345678901234567890", 20, INTO(secret)));
    EXPECT(TWINLOCK_OK, twinlock_engine_import_device(engine, SUBJECT, ROW(row), NONE, TEXT(secret),
                                                      TWINLOCK_DEVICE_STEAM, 0, 0, 0, 0, -1, LATER, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    again = pending_text(pending, TWINLOCK_FIELD_DEVICE_ID, 0);
    CHECK(text_equals(&id, &again));
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_steam_generate(TEXT(secret), LATER, INTO(code)));
    CHECK(code.length == 5);
    twinlock_proof_free(sign_in(engine, row, &code, LATER));
    return id;
}

static void another_systems_step_and_counter_are_kept(twinlock_engine *engine)
{
    static const char secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    row_t row = {{0}, 0, 0};
    twinlock_pending *pending = NULL;
    text_t phone = {"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 32}, code = code_at(&phone, NOW), token;
    EXPECT(TWINLOCK_E_TIME_INVALID,
           twinlock_engine_import_device(engine, SUBJECT, NONE, NONE, LITERAL(secret), TWINLOCK_DEVICE_TOTP,
                                         TWINLOCK_ALGORITHM_SHA1, 6, 30, 0, NOW / 30 + 9, NOW, &pending));
    EXPECT(TWINLOCK_E_COUNTER_OVERFLOW,
           twinlock_engine_import_device(engine, SUBJECT, NONE, NONE, LITERAL(secret), TWINLOCK_DEVICE_HOTP,
                                         TWINLOCK_ALGORITHM_SHA1, 6, 30, UINT64_MAX, -1, NOW, &pending));
    EXPECT(TWINLOCK_E_ARGUMENT_UNKNOWN,
           twinlock_engine_import_device(engine, SUBJECT, NONE, NONE, LITERAL(secret), 9, TWINLOCK_ALGORITHM_SHA1, 6,
                                         30, 0, -1, NOW, &pending));
    EXPECT(TWINLOCK_OK, twinlock_engine_import_device(engine, SUBJECT, NONE, NONE, LITERAL(secret),
                                                      TWINLOCK_DEVICE_TOTP, TWINLOCK_ALGORITHM_SHA1, 6, 30, 0,
                                                      NOW / 30, NOW, &pending));
    EXPECT(TWINLOCK_OK, settle(&row, pending));
    token = challenge(engine, &row, NOW);
    EXPECT(TWINLOCK_R_REPLAYED, verdict(engine, &row, &token, TWINLOCK_ANSWER_OTP, &code, NOW));
    code = code_at(&phone, NOW + 30);
    EXPECT(TWINLOCK_OK, verdict(engine, &row, &token, TWINLOCK_ANSWER_OTP, &code, NOW));
}

static void backup_codes_come_from_elsewhere(twinlock_engine *engine, row_t *row)
{
    static const struct { const char *scheme, *codes, *key; int32_t status; } bad[] = {
        {"md5", "12345678", NULL, TWINLOCK_E_SCHEME_UNKNOWN},
        {"plain", "", NULL, TWINLOCK_E_SCHEME_UNKNOWN},
        {"plain", "12345678", "key", TWINLOCK_E_ARGUMENT_INVALID},
        {"hmac_sha256", "hmac_sha256$00", "key", TWINLOCK_E_SCHEME_UNKNOWN},
        {"drf_totp", "hmac_sha256$26f24703c14b336de0ec78df19cc525e914390f689b382f5621e84395ab1b593", "",
         TWINLOCK_E_SCHEME_UNKNOWN},
    };
    text_t typed = {"1111-2222", 9}, token;
    twinlock_pending *pending = NULL;
    size_t at;
    for (at = 0; at < sizeof bad / sizeof *bad; at++) {
        EXPECT(bad[at].status, twinlock_engine_import_backup_codes(
                                   engine, SUBJECT, ROW(row), bad[at].scheme, strlen(bad[at].scheme), bad[at].codes,
                                   strlen(bad[at].codes), (const uint8_t *)bad[at].key,
                                   bad[at].key == NULL ? 0 : strlen(bad[at].key), LATER, &pending));
    }
    EXPECT(TWINLOCK_OK, twinlock_engine_import_backup_codes(engine, SUBJECT, ROW(row), LITERAL("plain_loose"),
                                                            LITERAL("11112222\n33334444\r\n"), NONE, LATER, &pending));
    EXPECT(TWINLOCK_OK, settle(row, pending));
    token = challenge(engine, row, LATER);
    EXPECT(TWINLOCK_OK, verdict(engine, row, &token, TWINLOCK_ANSWER_BACKUP, &typed, LATER));
    token = challenge(engine, row, LATER);
    EXPECT(TWINLOCK_R_REPLAYED, verdict(engine, row, &token, TWINLOCK_ANSWER_BACKUP, &typed, LATER));
    EXPECT(TWINLOCK_OK,
           twinlock_engine_import_backup_codes(
               engine, SUBJECT, ROW(row), LITERAL("drf_totp"),
               LITERAL("hmac_sha256$26f24703c14b336de0ec78df19cc525e914390f689b382f5621e84395ab1b593"),
               (const uint8_t *)"a key\nanother", 13, LATER, &pending));
    EXPECT(TWINLOCK_OK, settle(row, pending));
}

static void devices_are_named_and_removed_to_the_last(twinlock_engine *engine, row_t *row, const text_t *phone,
                                                      const text_t *token, const text_t *steam)
{
    int64_t now = LATER + 60;
    twinlock_pending *pending = NULL;
    text_t status, code = code_at(phone, now);
    int last;
    EXPECT(TWINLOCK_OK,
           twinlock_engine_rename_device(engine, SUBJECT, ROW(row), TEXT(*token), LITERAL("Ring"), now, &pending));
    EXPECT(TWINLOCK_OK, settle(row, pending));
    EXPECT(TWINLOCK_E_NAME_INVALID,
           twinlock_engine_rename_device(engine, SUBJECT, ROW(row), TEXT(*token), NONE, now, &pending));
    EXPECT(TWINLOCK_OK, twinlock_engine_status(engine, SUBJECT, ROW(row), now, INTO(status)));
    CHECK(text_has(&status, "\"Ring\"") && text_has(&status, "\"hotp\"") && text_has(&status, "\"steam\""));
    EXPECT(TWINLOCK_OK, twinlock_engine_remove_device(engine, SUBJECT, ROW(row), TEXT(*steam), TWINLOCK_ANSWER_OTP,
                                                      TEXT(code), now, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    CHECK(pending_int(pending, TWINLOCK_FIELD_LAST_DEVICE) == 0);
    twinlock_pending_free(pending);
    for (last = 0; last < 2; last++) {
        text_t id;
        const char *begin;
        now += 30;
        code = code_at(phone, now);
        EXPECT(TWINLOCK_OK, twinlock_engine_status(engine, SUBJECT, ROW(row), now, INTO(status)));
        status.data[status.length] = 0;
        begin = strstr(status.data, "\"id\":\"") + 6;
        memcpy(id.data, last ? begin : token->data, id.length = 24);
        EXPECT(TWINLOCK_OK, twinlock_engine_remove_device(engine, SUBJECT, ROW(row), TEXT(id), TWINLOCK_ANSWER_OTP,
                                                          TEXT(code), now, &pending));
        EXPECT(TWINLOCK_OK, store(row, pending));
        CHECK(pending_int(pending, TWINLOCK_FIELD_LAST_DEVICE) == last);
        twinlock_pending_free(pending);
    }
    EXPECT(TWINLOCK_OK, twinlock_engine_status(engine, SUBJECT, ROW(row), now, INTO(status)));
    CHECK(text_has(&status, "\"enabled\":false"));
}

int main(void)
{
    twinlock_engine *engine = new_engine();
    row_t row = {{0}, 0, 0};
    text_t phone = enroll(engine, &row, NOW, NULL), token, steam;
    text_t secret = a_counter_device_is_added(engine, &row, &phone, &token);
    a_counter_that_ran_ahead_is_found_again(engine, &row, &secret, &token);
    steam = devices_come_from_elsewhere_once(engine, &row);
    another_systems_step_and_counter_are_kept(engine);
    backup_codes_come_from_elsewhere(engine, &row);
    devices_are_named_and_removed_to_the_last(engine, &row, &phone, &token, &steam);
    twinlock_engine_free(engine);
    return 0;
}
