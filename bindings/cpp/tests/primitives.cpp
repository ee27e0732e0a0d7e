// Codes, URIs and QR codes without an engine.
#include <array>

#include "support.hpp"

constexpr const char *SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
constexpr tl::otp_parameters EIGHT{tl::algorithm::sha1, 8, 30};

static void codes_are_those_of_the_rfcs()
{
    constexpr std::array<const char *, 10> codes{"755224", "287082", "359152", "969429", "338314",
                                                 "254676", "287922", "162583", "399871", "520489"};
    for (std::size_t at = 0; at < codes.size(); at++)
        CHECK(must(tl::hotp_generate(SECRET, {}, at)).view() == codes[at]);
    CHECK(must(tl::hotp_verify(SECRET, {}, codes[3], 0, 3)) == 3 && !must(tl::hotp_verify(SECRET, {}, codes[3], 0, 2)));
    CHECK(must(tl::hotp_resync(SECRET, {}, codes[7], codes[8], 0, 100)) == 8);
    CHECK(!must(tl::hotp_resync(SECRET, {}, codes[8], codes[7], 0, 100)));
    EXPECT(TWINLOCK_E_WINDOW_INVALID, tl::hotp_verify(SECRET, {}, codes[3], 0, 101));

    CHECK(must(tl::totp_generate(SECRET, EIGHT, 1111111109)).view() == "07081804");
    CHECK(must(tl::totp_verify(SECRET, EIGHT, "07081804", 1, 1111111139)) == 1111111109 / 30);
    CHECK(!must(tl::totp_verify(SECRET, EIGHT, "07081804", 0, 1111111139)));
    EXPECT(TWINLOCK_E_DIGITS_INVALID, tl::totp_generate(SECRET, {tl::algorithm::sha1, 5, 30}, 0));
    EXPECT(TWINLOCK_E_ALGORITHM_UNKNOWN, tl::totp_generate(SECRET, {tl::algorithm::policy, 6, 30}, 0));
    auto steam = must(tl::steam_generate(SECRET, NOW));
    CHECK(steam.size() == 5 && must(tl::steam_verify(SECRET, steam, 1, NOW + 30)) == NOW / 30);
    CHECK(!must(tl::steam_verify(SECRET, steam, 1, NOW + 90)));
}

static void secrets_are_base32()
{
    constexpr std::array<std::uint8_t, 20> raw{'1', '2', '3', '4', '5', '6', '7', '8', '9', '0',
                                               '1', '2', '3', '4', '5', '6', '7', '8', '9', '0'};
    CHECK(must(tl::secret_from_bytes(raw)).view() == SECRET);
    EXPECT(TWINLOCK_E_SECRET_LENGTH, tl::secret_from_bytes({raw.data(), 9}));
    EXPECT(TWINLOCK_E_SECRET_LENGTH, tl::secret_from_bytes({}));
    CHECK(must(tl::secret_generate()).size() == 32 && must(tl::keyring_generate()).size() == 48);
}

static void a_uri_says_what_it_was_built_from()
{
    auto uri = must(tl::otpauth_build("Acme", "alice", SECRET, tl::device_kind::hotp, {tl::algorithm::sha512, 8, 0}, 41));
    CHECK(uri.view() == std::string("otpauth://hotp/Acme:alice?secret=") + SECRET +
                            "&issuer=Acme&algorithm=SHA512&digits=8&counter=41");
    auto accounts = must(tl::otpauth_parse(uri));
    CHECK(accounts.size() == 1 && accounts[0].issuer == "Acme" && accounts[0].account == "alice");
    CHECK(accounts[0].secret.view() == SECRET && accounts[0].kind == tl::device_kind::hotp);
    CHECK(accounts[0].algorithm == tl::algorithm::sha512 && accounts[0].digits == 8);
    CHECK(accounts[0].counter == 41 && !accounts[0].period);
    accounts = must(tl::otpauth_parse("otpauth-migration://offline?data=ChkKCpklNznImSU3OcgSBVRlc3QxIAEoATACChsKCpklNznam"
                                      "SU3OdoSBVRlc3QyIAEoATABOAAQARgBIAAo8enF1vr%2F%2F%2F%2F%2FAQ%3D%3D"));
    CHECK(accounts.size() == 2 && accounts[0].kind == tl::device_kind::totp && accounts[0].period == 30);
    CHECK(accounts[0].batch_size == 1 && accounts[1].batch_index == 0 && accounts[0].batch_id == accounts[1].batch_id);
    CHECK(accounts[1].account == "Test2" && !accounts[1].issuer && accounts[1].counter == 0);
    EXPECT(TWINLOCK_E_MIGRATION_MALFORMED, tl::otpauth_parse("otpauth-migration://x"));
    EXPECT(TWINLOCK_E_URI_MALFORMED, tl::otpauth_parse({}));
}

// Larger than any first guess at the size of the answer.
static void long_answers_come_whole()
{
    auto svg = must(tl::qr_svg(std::string(1500, 'x')));
    CHECK(svg.size() > 16384 && has(svg, "<svg") && has(svg, "</svg>"));
    CHECK(must(tl::qr_terminal("otpauth://totp/x")).view().back() == '\n');
    EXPECT(TWINLOCK_E_QR_TOO_LONG, tl::qr_svg(std::string(5000, 'x')));
    CHECK(must(tl::qr_svg_data_uri("x")).view().substr(0, 26) == "data:image/svg+xml;base64,");
    CHECK(must(tl::qr_terminal_plain("x")).view().find('\x1b') == std::string_view::npos);
    auto png = must(tl::qr_png("x", 3));
    CHECK(png.size() > 24 && png[1] == 'P' && png[19] == (21 + 8) * 3);
    EXPECT(TWINLOCK_E_OPTION_OUT_OF_RANGE, tl::qr_png("x", 0));
}

static void texts_are_checked_without_an_engine()
{
    auto keys = must(tl::keyring_generate());
    CHECK(must(tl::keyring_ids(keys)).size() == 1 && must(tl::keyring_ids(keys))[0].size() == 16);
    EXPECT(TWINLOCK_E_KEY_MALFORMED, tl::keyring_ids("tlk1_"));
    EXPECT(TWINLOCK_OK, tl::subject_check("42"));
    EXPECT(TWINLOCK_E_SUBJECT_INVALID, tl::subject_check({}));
    EXPECT(TWINLOCK_E_FAMILY_MALFORMED, tl::session_status("{}"));
}

int main()
{
    codes_are_those_of_the_rfcs();
    secrets_are_base32();
    a_uri_says_what_it_was_built_from();
    long_answers_come_whole();
    texts_are_checked_without_an_engine();
    return 0;
}
