/* Codes, challenges and records that all languages agree on. vectors.h is made of tests/vectors by the test that
   runs this. */
#include "vectors.h"
#include "support.h"

/* Numbers are texts, too. */
static const char *const hotp_cases[][2] = {RFC4226_VECTORS};
static const char *const totp_secrets[][3] = {RFC6238_SECRETS};
static const char *const totp_cases[][4] = {RFC6238_VECTORS};
static const char *const base32_cases[][2] = {RFC4648_VECTORS};
static const char *const accepted[][3] = {JWT_CHALLENGE_ACCEPTED};
static const char *const rejected[][4] = {JWT_CHALLENGE_REJECTED};

#define EACH(at, cases) (at = 0; at < sizeof (cases) / sizeof *(cases); at++)
#define STRING(text) (text), strlen(text)

static int64_t number(const char *text)
{
    return strtoll(text, NULL, 10);
}

static void counter_codes_are_those_of_rfc_4226(void)
{
    text_t code;
    uint64_t matched = 0;
    size_t at;
    for EACH(at, hotp_cases) {
        uint64_t counter = (uint64_t)number(hotp_cases[at][0]);
        EXPECT(TWINLOCK_OK, twinlock_hotp_generate(LITERAL(RFC4226_SECRET_BASE32), TWINLOCK_ALGORITHM_SHA1,
                                                   RFC4226_DIGITS, counter, INTO(code)));
        CHECK(text_is(&code, hotp_cases[at][1]));
        EXPECT(TWINLOCK_OK, twinlock_hotp_verify(LITERAL(RFC4226_SECRET_BASE32), TWINLOCK_ALGORITHM_SHA1,
                                                 RFC4226_DIGITS, TEXT(code), 0, 10, &matched));
        CHECK(matched == counter);
    }
    CHECK(at == 10);
}

static void time_codes_are_those_of_rfc_6238(void)
{
    static const char *const algorithms[] = {"", "SHA1", "SHA256", "SHA512"};
    text_t code;
    uint64_t step = 0;
    size_t at, secret;
    int32_t algorithm;
    for EACH(at, totp_cases) {
        int64_t now = number(totp_cases[at][1]);
        for (secret = 0; strcmp(totp_secrets[secret][0], totp_cases[at][0]) != 0;) secret++;
        for (algorithm = 1; strcmp(algorithms[algorithm], totp_cases[at][0]) != 0;) algorithm++;
        EXPECT(TWINLOCK_OK, twinlock_totp_generate(STRING(totp_secrets[secret][1]), algorithm, 8, 30, now, INTO(code)));
        CHECK(text_is(&code, totp_cases[at][3]));
        EXPECT(TWINLOCK_OK, twinlock_totp_verify(STRING(totp_secrets[secret][1]), algorithm, 8, 30, TEXT(code), 0, now,
                                                 &step));
        CHECK(step == (uint64_t)number(totp_cases[at][2]));
    }
    CHECK(at == 18);
}

/* The RFC's texts are shorter than any secret: each stands behind twenty bytes, which fill whole groups. What a URI with
   the text says that its secret is shows which bytes were read. */
static void base32_is_that_of_rfc_4648(void)
{
    static const char head[] = RFC4226_SECRET_BASE32;
    size_t at;
    for EACH(at, base32_cases) {
        uint8_t bytes[64];
        char uri[160];
        twinlock_otpauth *accounts = NULL;
        text_t canonical, read, code, same;
        size_t length = unhex(RFC4226_SECRET_HEX, bytes);
        text_t padded;
        length += unhex(base32_cases[at][0], bytes + length);
        EXPECT(TWINLOCK_OK, twinlock_secret_from_bytes(bytes, length, INTO(canonical)));
        padded.length = (size_t)sprintf(padded.data, "%s%s", head, base32_cases[at][1]);
        CHECK(canonical.length == strlen(head) + strcspn(base32_cases[at][1], "="));
        CHECK(memcmp(canonical.data, padded.data, canonical.length) == 0);
        EXPECT(TWINLOCK_OK, twinlock_hotp_generate(TEXT(canonical), TWINLOCK_ALGORITHM_SHA512, 8, 0, INTO(code)));
        EXPECT(TWINLOCK_OK, twinlock_hotp_generate(TEXT(padded), TWINLOCK_ALGORITHM_SHA512, 8, 0, INTO(same)));
        CHECK(text_equals(&code, &same));
        sprintf(uri, "otpauth://totp/a?secret=%.*s", (int)padded.length, padded.data);
        EXPECT(TWINLOCK_OK, twinlock_otpauth_parse(STRING(uri), &accounts));
        EXPECT(TWINLOCK_OK, twinlock_otpauth_text(accounts, 0, TWINLOCK_FIELD_SECRET, INTO(read)));
        CHECK(text_equals(&read, &canonical));
        twinlock_otpauth_free(accounts);
    }
    CHECK(at == 7);
}

static void challenges_are_accepted_and_rejected(void)
{
    twinlock_engine *engine = build(new_config(JWT_CHALLENGE_KEY_RING));
    twinlock_pending *pending = NULL;
    text_t subject;
    size_t at;
    for EACH(at, accepted) {
        EXPECT(TWINLOCK_OK, twinlock_engine_challenge_subject(engine, STRING(accepted[at][1]), JWT_CHALLENGE_NOW,
                                                              INTO(subject)));
        CHECK(text_is(&subject, accepted[at][2]));
    }
    CHECK(at == 6);
    for EACH(at, rejected) {
        int32_t status = twinlock_engine_finish_sign_in(engine, NONE, STRING(rejected[at][1]), STRING(rejected[at][2]),
                                                        TWINLOCK_ANSWER_OTP, "123456", 6, number(rejected[at][3]),
                                                        &pending);
        if (status == TWINLOCK_OK) {
            status = twinlock_pending_commit(pending, 0);
            twinlock_pending_free(pending);
        }
        expect(status, TWINLOCK_R_CHALLENGE_INVALID, rejected[at][0], __FILE__, __LINE__);
    }
    CHECK(at >= 95);
    twinlock_engine_free(engine);
}

static void enrollment_tokens_are_those_of_all_languages(void)
{
    twinlock_engine *engine = build(new_config(JWT_OWN_KEY_RING));
    text_t subject;
    EXPECT(TWINLOCK_OK, twinlock_engine_enrollment_subject(engine, LITERAL(JWT_OWN_ENROLL), JWT_OWN_NOW, INTO(subject)));
    CHECK(text_is(&subject, "42"));
    EXPECT(TWINLOCK_R_TOKEN_INVALID, twinlock_engine_enrollment_subject(engine, LITERAL(JWT_OWN_TRUST), JWT_OWN_NOW,
                                                                        INTO(subject)));
    EXPECT(TWINLOCK_OK, twinlock_engine_challenge_subject(engine, LITERAL(JWT_OWN_CHALLENGE_TO_ENROLL), JWT_OWN_NOW,
                                                          INTO(subject)));
    CHECK(text_is(&subject, "42"));
    twinlock_engine_free(engine);
}

static void records_go_on(void)
{
    twinlock_engine *engine = build(new_config(RECORD_KEYS));
    twinlock_pending *pending = NULL;
    row_t row = {{0}, 0, 0};
    text_t token, code, status;
    row.length = unhex(RECORD_PENDING_RECORD, row.record);
    EXPECT(TWINLOCK_OK, twinlock_engine_confirm_enrollment(engine, LITERAL(RECORD_SUBJECT), ROW(&row),
                                                           LITERAL(RECORD_CODE), RECORD_NOW, &pending));
    EXPECT(TWINLOCK_OK, settle(&row, pending));
    row.length = unhex(RECORD_ENROLLED_RECORD, row.record);
    EXPECT(TWINLOCK_OK, twinlock_engine_status(engine, LITERAL(RECORD_SUBJECT), ROW(&row), RECORD_NOW, INTO(status)));
    CHECK(text_has(&status, "\"enabled\":true") && text_has(&status, "\"backup_codes_left\":10"));
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(engine, LITERAL(RECORD_SUBJECT), ROW(&row), LITERAL("pwd"),
                                                      RECORD_NOW, NONE, RECORD_NOW, &pending));
    EXPECT(TWINLOCK_OK, store(&row, pending));
    token = pending_text(pending, TWINLOCK_FIELD_CHALLENGE, 0);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_totp_generate(LITERAL(RECORD_SECRET), TWINLOCK_ALGORITHM_SHA1, 6, 30, RECORD_NOW,
                                               INTO(code)));
    CHECK(text_is(&code, RECORD_CODE));
    EXPECT(TWINLOCK_R_REPLAYED, verdict(engine, &row, &token, TWINLOCK_ANSWER_OTP, &code, RECORD_NOW));
    EXPECT(TWINLOCK_OK, twinlock_totp_generate(LITERAL(RECORD_SECRET), TWINLOCK_ALGORITHM_SHA1, 6, 30,
                                               RECORD_NOW + 30, INTO(code)));
    EXPECT(TWINLOCK_OK, verdict(engine, &row, &token, TWINLOCK_ANSWER_OTP, &code, RECORD_NOW + 30));
    twinlock_engine_free(engine);
}

int main(void)
{
    counter_codes_are_those_of_rfc_4226();
    time_codes_are_those_of_rfc_6238();
    base32_is_that_of_rfc_4648();
    challenges_are_accepted_and_rejected();
    enrollment_tokens_are_those_of_all_languages();
    records_go_on();
    return 0;
}
