/* Codes, URIs and QR codes without an engine. */
#include "support.h"

#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define SHA1 TWINLOCK_ALGORITHM_SHA1

static void counter_codes_are_those_of_rfc_4226(void)
{
    static const char *const codes[] = {"755224", "287082", "359152", "969429", "338314",
                                        "254676", "287922", "162583", "399871", "520489"};
    text_t code;
    uint64_t at, matched = 77;
    for (at = 0; at < 10; at++) {
        EXPECT(TWINLOCK_OK, twinlock_hotp_generate(LITERAL(SECRET), SHA1, 6, at, INTO(code)));
        CHECK(text_is(&code, codes[at]));
    }
    EXPECT(TWINLOCK_OK, twinlock_hotp_verify(LITERAL(SECRET), SHA1, 6, codes[3], 6, 0, 3, &matched));
    CHECK(matched == 3);
    matched = 77;
    EXPECT(TWINLOCK_R_WRONG_CODE, twinlock_hotp_verify(LITERAL(SECRET), SHA1, 6, codes[3], 6, 0, 2, &matched));
    EXPECT(TWINLOCK_R_WRONG_CODE, twinlock_hotp_verify(LITERAL(SECRET), SHA1, 6, codes[3], 6, 4, 9, &matched));
    EXPECT(TWINLOCK_R_WRONG_CODE, twinlock_hotp_verify(LITERAL(SECRET), SHA1, 6, "code", 4, 4, 9, &matched));
    EXPECT(TWINLOCK_E_WINDOW_INVALID, twinlock_hotp_verify(LITERAL(SECRET), SHA1, 6, codes[3], 6, 0, 101, &matched));
    EXPECT(TWINLOCK_E_WINDOW_INVALID,
           twinlock_hotp_verify(LITERAL(SECRET), SHA1, 6, codes[3], 6, 0, UINT32_MAX, &matched));
    EXPECT(TWINLOCK_E_COUNTER_OVERFLOW,
           twinlock_hotp_verify(LITERAL(SECRET), SHA1, 6, codes[3], 6, UINT64_MAX, 3, &matched));
    EXPECT(TWINLOCK_R_WRONG_CODE,
           twinlock_hotp_resync(LITERAL(SECRET), SHA1, 6, codes[8], 6, codes[7], 6, 0, 100, &matched));
    CHECK(matched == 77);
    EXPECT(TWINLOCK_OK, twinlock_hotp_resync(LITERAL(SECRET), SHA1, 6, codes[7], 6, codes[8], 6, 0, 100, &matched));
    CHECK(matched == 8);
}

static void codes_of_steam_guard_are_letters(void)
{
    text_t code;
    uint64_t step = 0;
    EXPECT(TWINLOCK_OK, twinlock_steam_generate(LITERAL(SECRET), NOW, INTO(code)));
    EXPECT(TWINLOCK_OK, twinlock_steam_verify(LITERAL(SECRET), TEXT(code), 1, NOW + 30, &step));
    CHECK(step == NOW / 30);
    EXPECT(TWINLOCK_R_WRONG_CODE, twinlock_steam_verify(LITERAL(SECRET), TEXT(code), 1, NOW + 90, &step));
}

static int64_t number(const twinlock_otpauth *accounts, size_t index, int32_t field)
{
    int64_t out = -77;
    EXPECT(TWINLOCK_OK, twinlock_otpauth_int(accounts, index, field, &out));
    return out;
}

static void a_uri_says_what_it_was_built_from(void)
{
    twinlock_otpauth *accounts = NULL;
    text_t uri, text;
    int64_t unset = 77;
    size_t count = 0;
    EXPECT(TWINLOCK_OK,
           twinlock_otpauth_build(LITERAL("Acme"), LITERAL("alice"), LITERAL(SECRET), TWINLOCK_DEVICE_HOTP,
                                  TWINLOCK_ALGORITHM_SHA512, 8, 0, 41, INTO(uri)));
    CHECK(text_is(&uri, "otpauth://hotp/Acme:alice?secret=" SECRET "&issuer=Acme&algorithm=SHA512&digits=8&counter=41"));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_parse(TEXT(uri), &accounts));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_count(accounts, &count));
    CHECK(count == 1 && number(accounts, 0, TWINLOCK_FIELD_KIND) == TWINLOCK_DEVICE_HOTP);
    CHECK(number(accounts, 0, TWINLOCK_FIELD_ALGORITHM) == TWINLOCK_ALGORITHM_SHA512);
    CHECK(number(accounts, 0, TWINLOCK_FIELD_DIGITS) == 8 && number(accounts, 0, TWINLOCK_FIELD_COUNTER) == 41);
    EXPECT(TWINLOCK_E_FIELD_UNKNOWN, twinlock_otpauth_int(accounts, 0, TWINLOCK_FIELD_PERIOD, &unset));
    EXPECT(TWINLOCK_E_FIELD_UNKNOWN, twinlock_otpauth_int(accounts, SIZE_MAX, TWINLOCK_FIELD_KIND, &unset));
    CHECK(unset == 77);
    EXPECT(TWINLOCK_OK, twinlock_otpauth_text(accounts, 0, TWINLOCK_FIELD_ACCOUNT, INTO(text)));
    CHECK(text_is(&text, "alice"));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_text(accounts, 0, TWINLOCK_FIELD_ISSUER, INTO(text)));
    CHECK(text_is(&text, "Acme"));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_text(accounts, 0, TWINLOCK_FIELD_SECRET, INTO(text)));
    CHECK(text_is(&text, SECRET));
    twinlock_otpauth_free(accounts);
}

static void an_export_has_several_accounts(void)
{
    static const char uri[] = "otpauth-migration://offline?data=ChkKCpklNznImSU3OcgSBVRlc3QxIAEoATACChsKCpklNznamSU3Odo"
                              "SBVRlc3QyIAEoATABOAAQARgBIAAo8enF1vr%2F%2F%2F%2F%2FAQ%3D%3D";
    twinlock_otpauth *accounts = NULL;
    text_t text;
    size_t count = 0;
    EXPECT(TWINLOCK_OK, twinlock_otpauth_parse(LITERAL(uri), &accounts));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_count(accounts, &count));
    CHECK(count == 2 && number(accounts, 0, TWINLOCK_FIELD_KIND) == TWINLOCK_DEVICE_TOTP);
    CHECK(number(accounts, 0, TWINLOCK_FIELD_PERIOD) == 30 && number(accounts, 1, TWINLOCK_FIELD_COUNTER) == 0);
    EXPECT(TWINLOCK_E_FIELD_UNKNOWN, twinlock_otpauth_text(accounts, 1, TWINLOCK_FIELD_ISSUER, INTO(text)));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_text(accounts, 1, TWINLOCK_FIELD_ACCOUNT, INTO(text)));
    CHECK(text_is(&text, "Test2"));
    CHECK(number(accounts, 1, TWINLOCK_FIELD_BATCH_INDEX) == 0 && number(accounts, 1, TWINLOCK_FIELD_BATCH_SIZE) == 1);
    CHECK(number(accounts, 0, TWINLOCK_FIELD_BATCH_ID) == number(accounts, 1, TWINLOCK_FIELD_BATCH_ID));
    CHECK(number(accounts, 0, TWINLOCK_FIELD_BATCH_ID) != 0);
    twinlock_otpauth_free(accounts);
    accounts = NULL;
    EXPECT(TWINLOCK_E_MIGRATION_MALFORMED, twinlock_otpauth_parse(LITERAL("otpauth-migration://x"), &accounts));
    EXPECT(TWINLOCK_E_URI_MALFORMED, twinlock_otpauth_parse(LITERAL("https://x"), &accounts));
    EXPECT(TWINLOCK_E_URI_MALFORMED, twinlock_otpauth_parse(NONE, &accounts));
    CHECK(accounts == NULL);
    twinlock_otpauth_free(accounts);
}

static void what_is_no_secret_is_none(void)
{
    text_t text;
    EXPECT(TWINLOCK_OK, twinlock_secret_from_bytes((const uint8_t *)"12345678901234567890", 20, INTO(text)));
    CHECK(text_is(&text, SECRET));
    EXPECT(TWINLOCK_E_SECRET_LENGTH, twinlock_secret_from_bytes((const uint8_t *)"123456789", 9, INTO(text)));
    EXPECT(TWINLOCK_E_SECRET_LENGTH, twinlock_secret_from_bytes(NONE, INTO(text)));
    EXPECT(TWINLOCK_E_SECRET_MALFORMED, twinlock_steam_generate(LITERAL("0189"), NOW, INTO(text)));
}

static void a_qr_code_comes_in_every_form(void)
{
    static const uint8_t png[] = {0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a};
    static const uint8_t width[] = {0, 0, 0, (21 + 8) * 3}; /* the smallest code and its margin, in pixels */
    static char long_text[3000];
    text_t svg, text;
    EXPECT(TWINLOCK_OK, twinlock_qr_svg(LITERAL("x"), INTO(svg)));
    CHECK(strncmp(svg.data, "<svg ", 5) == 0);
    EXPECT(TWINLOCK_OK, twinlock_qr_svg_data_uri(LITERAL("x"), INTO(text)));
    CHECK(strncmp(text.data, "data:image/svg+xml;base64,PHN2Zy", 32) == 0);
    EXPECT(TWINLOCK_OK, twinlock_qr_png(LITERAL("x"), 3, (uint8_t *)text.data, sizeof text.data, &text.length));
    CHECK(memcmp(text.data, png, 8) == 0 && memcmp(text.data + 16, width, 4) == 0);
    EXPECT(TWINLOCK_E_OPTION_OUT_OF_RANGE, twinlock_qr_png(LITERAL("x"), 0, NONE, &text.length));
    EXPECT(TWINLOCK_E_OPTION_OUT_OF_RANGE, twinlock_qr_png(LITERAL("x"), 33, NONE, &text.length));
    EXPECT(TWINLOCK_OK, twinlock_qr_terminal(LITERAL("x"), INTO(text)));
    CHECK(text_has(&text, "\x1b[97;40m") && text_has(&text, "\xe2\x96\x84"));
    EXPECT(TWINLOCK_OK, twinlock_qr_terminal_plain(LITERAL("x"), INTO(text)));
    CHECK(!text_has(&text, "\x1b") && text_has(&text, "\xe2\x96\x84") && text.data[text.length - 1] == '\n');
    memset(long_text, 'x', sizeof long_text);
    EXPECT(TWINLOCK_E_QR_TOO_LONG, twinlock_qr_svg(long_text, 2954, NONE, &text.length));
    EXPECT(TWINLOCK_E_BUFFER_TOO_SMALL, twinlock_qr_svg(long_text, 2953, NONE, &text.length));
}

static void a_subject_is_checked_before_a_record_is_loaded(void)
{
    char longest[256];
    memset(longest, 'a', sizeof longest);
    EXPECT(TWINLOCK_OK, twinlock_subject_check(LITERAL("42")));
    EXPECT(TWINLOCK_OK, twinlock_subject_check(longest, 255));
    EXPECT(TWINLOCK_E_SUBJECT_INVALID, twinlock_subject_check(longest, 256));
    EXPECT(TWINLOCK_E_SUBJECT_INVALID, twinlock_subject_check(NONE));
    EXPECT(TWINLOCK_E_SUBJECT_INVALID, twinlock_subject_check(LITERAL("a\nb")));
    EXPECT(TWINLOCK_E_TEXT_NOT_UTF8, twinlock_subject_check(LITERAL("\xff")));
}

int main(void)
{
    a_qr_code_comes_in_every_form();
    a_subject_is_checked_before_a_record_is_loaded();
    counter_codes_are_those_of_rfc_4226();
    codes_of_steam_guard_are_letters();
    a_uri_says_what_it_was_built_from();
    an_export_has_several_accounts();
    what_is_no_secret_is_none();
    return 0;
}
