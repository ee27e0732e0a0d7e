/* Enrollment with a device of each kind, with the policy's parameters and with others. */
#include "support.h"

typedef struct {
    int32_t kind, algorithm;
    uint32_t digits, period;
    const char *uri, *status;
} kind_t;

#define ANY 0
static const kind_t kinds[] = {
    {TWINLOCK_DEVICE_TOTP, TWINLOCK_ALGORITHM_SHA512, 8, 60, "&algorithm=SHA512&digits=8&period=60",
     "\"algorithm\":\"SHA512\",\"created_at\":1800000000,\"digits\":8,"},
    {TWINLOCK_DEVICE_TOTP, ANY, ANY, ANY, "&algorithm=SHA256&digits=7&period=45",
     "\"algorithm\":\"SHA256\",\"created_at\":1800000000,\"digits\":7,"},
    {TWINLOCK_DEVICE_TOTP, ANY, 6, ANY, "&algorithm=SHA256&period=45", "\"period\":45"},
    {TWINLOCK_DEVICE_HOTP, TWINLOCK_ALGORITHM_SHA1, 6, 9999, "otpauth://hotp/", "\"kind\":\"hotp\""},
    {TWINLOCK_DEVICE_HOTP, ANY, ANY, ANY, "&algorithm=SHA256&digits=7&counter=0", "\"period\":null"},
    {TWINLOCK_DEVICE_STEAM, 99, 99, 9999, "otpauth://steam/Acme:alice?", "\"kind\":\"steam\""},
};

/* What the authenticator would show first, as its app reads the URI. */
static text_t first_code(const text_t *uri)
{
    twinlock_otpauth *otpauth = NULL;
    int64_t kind = 0, algorithm = 0, digits = 0, period = 0;
    text_t secret, code;
    EXPECT(TWINLOCK_OK, twinlock_otpauth_parse(TEXT(*uri), &otpauth));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_text(otpauth, 0, TWINLOCK_FIELD_SECRET, INTO(secret)));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_int(otpauth, 0, TWINLOCK_FIELD_KIND, &kind));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_int(otpauth, 0, TWINLOCK_FIELD_ALGORITHM, &algorithm));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_int(otpauth, 0, TWINLOCK_FIELD_DIGITS, &digits));
    if (kind == TWINLOCK_DEVICE_STEAM) {
        EXPECT(TWINLOCK_OK, twinlock_steam_generate(TEXT(secret), NOW, INTO(code)));
    } else if (kind == TWINLOCK_DEVICE_HOTP) {
        EXPECT(TWINLOCK_OK,
               twinlock_hotp_generate(TEXT(secret), (int32_t)algorithm, (uint32_t)digits, 0, INTO(code)));
    } else {
        EXPECT(TWINLOCK_OK, twinlock_otpauth_int(otpauth, 0, TWINLOCK_FIELD_PERIOD, &period));
        EXPECT(TWINLOCK_OK, twinlock_totp_generate(TEXT(secret), (int32_t)algorithm, (uint32_t)digits, (uint32_t)period,
                                                   NOW, INTO(code)));
    }
    twinlock_otpauth_free(otpauth);
    return code;
}

static void a_device_is_what_was_asked_for(twinlock_engine *engine, const kind_t *asked)
{
    row_t row = {{0}, 0, 0};
    twinlock_pending *pending = NULL;
    text_t uri, code, status;
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_enrollment_with(engine, SUBJECT, NONE, LITERAL("alice"), LITERAL("phone"),
                                                              asked->kind, asked->algorithm, asked->digits,
                                                              asked->period, NOW, &pending));
    EXPECT(TWINLOCK_OK, store(&row, pending));
    uri = pending_text(pending, TWINLOCK_FIELD_URI, 0);
    twinlock_pending_free(pending);
    CHECK(text_has(&uri, asked->uri));
    code = first_code(&uri);
    EXPECT(TWINLOCK_OK,
           twinlock_engine_confirm_enrollment(engine, SUBJECT, ROW(&row), TEXT(code), NOW, &pending));
    EXPECT(TWINLOCK_OK, settle(&row, pending));
    EXPECT(TWINLOCK_OK, twinlock_engine_status(engine, SUBJECT, ROW(&row), NOW, INTO(status)));
    CHECK(text_has(&status, asked->status) && text_has(&status, "\"name\":\"phone\""));
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_enrollment_with(engine, SUBJECT, ROW(&row), LITERAL("alice"), NONE,
                                                              asked->kind, ANY, ANY, ANY, NOW, &pending));
    EXPECT(TWINLOCK_R_ALREADY_ENROLLED, settle(&row, pending));
}

static void a_device_that_cannot_be_is_refused(twinlock_engine *engine)
{
    static const struct {
        int32_t kind, algorithm;
        uint32_t digits, period;
        int32_t status;
    } bad[] = {
        {0, ANY, ANY, ANY, TWINLOCK_E_ARGUMENT_UNKNOWN},
        {4, ANY, ANY, ANY, TWINLOCK_E_ARGUMENT_UNKNOWN},
        {INT32_MIN, ANY, ANY, ANY, TWINLOCK_E_ARGUMENT_UNKNOWN},
        {TWINLOCK_DEVICE_TOTP, 4, ANY, ANY, TWINLOCK_E_ALGORITHM_UNKNOWN},
        {TWINLOCK_DEVICE_HOTP, -1, ANY, ANY, TWINLOCK_E_ALGORITHM_UNKNOWN},
        {TWINLOCK_DEVICE_TOTP, ANY, 5, ANY, TWINLOCK_E_DIGITS_INVALID},
        {TWINLOCK_DEVICE_HOTP, ANY, UINT32_MAX, ANY, TWINLOCK_E_DIGITS_INVALID},
        {TWINLOCK_DEVICE_TOTP, ANY, ANY, 14, TWINLOCK_E_PERIOD_INVALID},
        {TWINLOCK_DEVICE_TOTP, ANY, ANY, 121, TWINLOCK_E_PERIOD_INVALID},
    };
    twinlock_pending *pending = NULL;
    size_t at;
    for (at = 0; at < sizeof bad / sizeof *bad; at++) {
        EXPECT(bad[at].status,
               twinlock_engine_begin_enrollment_with(engine, SUBJECT, NONE, LITERAL("alice"), NONE, bad[at].kind,
                                                     bad[at].algorithm, bad[at].digits, bad[at].period, NOW, &pending));
    }
    EXPECT(TWINLOCK_E_NAME_INVALID, twinlock_engine_begin_enrollment_with(engine, SUBJECT, NONE, NONE, NONE,
                                                                          TWINLOCK_DEVICE_TOTP, ANY, ANY, ANY, NOW,
                                                                          &pending));
    CHECK(pending == NULL);
}

int main(void)
{
    twinlock_config *config = new_config(KEY);
    twinlock_engine *engine;
    size_t at;
    set_text(config, TWINLOCK_OPT_ALGORITHM, "SHA256");
    EXPECT(TWINLOCK_OK, twinlock_config_set_int(config, TWINLOCK_OPT_DIGITS, 7));
    EXPECT(TWINLOCK_OK, twinlock_config_set_int(config, TWINLOCK_OPT_PERIOD, 45));
    engine = build(config);
    for (at = 0; at < sizeof kinds / sizeof *kinds; at++) a_device_is_what_was_asked_for(engine, &kinds[at]);
    a_device_that_cannot_be_is_refused(engine);
    twinlock_engine_free(engine);
    return 0;
}
