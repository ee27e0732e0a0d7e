// What other languages wrote opens here. vectors.h is made of tests/vectors by the test that runs this.
#include "support.hpp"
#include "vectors.h"

static tl::bytes unhex(std::string_view text)
{
    tl::bytes bytes;
    for (std::size_t at = 0; at + 1 < text.size(); at += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(std::string(text.substr(at, 2)), nullptr, 16)));
    return bytes;
}

static tl::algorithm algorithm_of(std::string_view name)
{
    if (name == "SHA256") return tl::algorithm::sha256;
    return name == "SHA512" ? tl::algorithm::sha512 : tl::algorithm::sha1;
}

// OTP-01
static void time_based_codes_are_those_of_rfc_6238()
{
    constexpr const char *secrets[][3] = {RFC6238_SECRETS}, *vectors[][4] = {RFC6238_VECTORS};
    static_assert(std::size(vectors) == 18);
    for (const auto &[name, base32, hex] : secrets) {
        CHECK(must(tl::secret_from_bytes(unhex(hex))).view() == base32);
        for (const auto &[algorithm, time, step, code] : vectors) {
            if (std::string_view(algorithm) != name) continue;
            tl::otp_parameters parameters{algorithm_of(name), 8, 30};
            CHECK(must(tl::totp_generate(base32, parameters, std::stoll(time))).view() == code);
            CHECK(must(tl::totp_verify(base32, parameters, code, 0, std::stoll(time))) == std::stoull(step));
        }
    }
}

// OTP-01
static void counter_based_codes_are_those_of_rfc_4226()
{
    constexpr const char *vectors[][2] = {RFC4226_VECTORS};
    static_assert(std::size(vectors) == 10);
    CHECK(must(tl::secret_from_bytes(unhex(RFC4226_SECRET_HEX))).view() == RFC4226_SECRET_BASE32);
    for (const auto &[counter, code] : vectors) {
        CHECK(must(tl::hotp_generate(RFC4226_SECRET_BASE32, {}, std::stoull(counter))).view() == code);
        CHECK(must(tl::hotp_verify(RFC4226_SECRET_BASE32, {}, code, 0, 10)) == std::stoull(counter));
    }
    CHECK(must(tl::hotp_resync(RFC4226_SECRET_BASE32, {}, vectors[6][1], vectors[7][1], 0, 100)) == 7u);
    CHECK(!must(tl::hotp_verify(RFC4226_SECRET_BASE32, {}, vectors[6][1], 0, 5)));
}

// OTP-05: behind twenty bytes, because the RFC's texts are shorter than any secret. What a URI with the text says that
// its secret is shows which bytes were read.
static void base32_is_that_of_rfc_4648()
{
    constexpr const char *vectors[][2] = {RFC4648_VECTORS};
    static_assert(std::size(vectors) == 7);
    for (const auto &[hex, base32] : vectors) {
        std::string padded = RFC4226_SECRET_BASE32 + std::string(base32);
        auto canonical = must(tl::secret_from_bytes(unhex(RFC4226_SECRET_HEX + std::string(hex))));
        CHECK(canonical.view() == padded.substr(0, padded.find('=')));
        CHECK(must(tl::hotp_generate(padded, {}, 7)).view() == must(tl::hotp_generate(canonical, {}, 7)).view());
        auto accounts = must(tl::otpauth_parse("otpauth://totp/a?secret=" + padded));
        CHECK(accounts.size() == 1 && accounts[0].secret.view() == canonical.view());
    }
}

static tl::engine engine_of(std::string_view keys, std::string_view issuer)
{
    auto config = new_config(keys);
    EXPECT(TWINLOCK_OK, config.set_text(TWINLOCK_OPT_SENT_CODES, "sign_in"));
    EXPECT(TWINLOCK_OK, config.set_int(TWINLOCK_OPT_TRUSTED_DEVICES, 3));
    if (!issuer.empty()) EXPECT(TWINLOCK_OK, config.set_text(TWINLOCK_OPT_JWT_ISSUER, issuer));
    return must(tl::engine::create(std::move(config)));
}

static void challenges_are_taken_and_refused_as_elsewhere()
{
    constexpr const char *accepted[][3] = {JWT_CHALLENGE_ACCEPTED}, *rejected[][4] = {JWT_CHALLENGE_REJECTED};
    static_assert(std::size(accepted) == 6 && std::size(rejected) > 90);
    auto engine = engine_of(JWT_CHALLENGE_KEY_RING, {});
    for (const auto &[name, token, subject] : accepted)
        CHECK(must(engine.challenge_subject(token, JWT_CHALLENGE_NOW)) == subject);
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    for (const auto &[name, token, binding, now] : rejected) {
        tl::presented_challenge shown(token, binding);
        std::int64_t at = std::stoll(now);
        EXPECT(TWINLOCK_R_CHALLENGE_INVALID, auth.finish_sign_in(shown, tl::answer::otp("123456"), at));
    }
}

static void enrollment_tokens_open_enrollment_and_nothing_else()
{
    auto engine = engine_of(JWT_OWN_KEY_RING, {});
    CHECK(must(engine.enrollment_subject(JWT_OWN_ENROLL, JWT_OWN_NOW)) == "42");
    CHECK(must(engine.challenge_subject(JWT_OWN_CHALLENGE_TO_ENROLL, JWT_OWN_NOW)) == "42");
    for (const char *other : {JWT_OWN_TRUST, JWT_OWN_CHALLENGE_TO_ENROLL})
        EXPECT(TWINLOCK_R_TOKEN_INVALID, engine.enrollment_subject(other, JWT_OWN_NOW));
}

static void a_backup_code_is_kept_as_elsewhere()
{
    auto engine = engine_of(BACKUP_KEYS, {});
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    CHECK(must(store.save(BACKUP_SUBJECT, unhex(BACKUP_RECORD), 0)));
    auto challenge = must(auth.begin_sign_in(BACKUP_SUBJECT, {"pwd", BACKUP_NOW}, BACKUP_NOW)).challenge;
    auto wrong = std::string(BACKUP_CODE).substr(1) + "0";
    EXPECT(TWINLOCK_R_WRONG_CODE, auth.finish_sign_in(challenge, tl::answer::backup(wrong), BACKUP_NOW));
    CHECK(must(auth.finish_sign_in(challenge, tl::answer::backup(BACKUP_TYPED), BACKUP_NOW)));
}

// What an engine says to a key as its only one.
static tl::failure key_outcome(const char *algorithm, const char *pem)
{
    auto config = new_config();
    EXPECT(TWINLOCK_OK, config.set_text(TWINLOCK_OPT_JWT_ALGORITHM, algorithm));
    auto read = outcome([&] { return config.set_text(TWINLOCK_OPT_JWT_KEY_PEM, pem); });
    return read.status() != TWINLOCK_OK ? read : outcome([&] { return tl::engine::create(std::move(config)); });
}

static void key_files_are_taken_and_refused_as_elsewhere()
{
    constexpr const char *vectors[][4] = {KEYS_VECTORS};
    static_assert(std::size(vectors) == 22);
    for (const auto &[file, algorithm, expected, pem] : vectors)
        check(key_outcome(algorithm, pem).name() == expected, file, __FILE__, __LINE__);
}

static void a_record_of_another_language_goes_on()
{
    auto engine = engine_of(RECORD_KEYS, {});
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    auto challenge = [&](std::int64_t now) {
        return std::move(must(auth.begin_sign_in(RECORD_SUBJECT, {"pwd", now}, now)).challenge);
    };
    CHECK(must(store.save(RECORD_SUBJECT, unhex(RECORD_PENDING_RECORD), 0)));
    CHECK(!must(auth.status(RECORD_SUBJECT, RECORD_NOW)).enabled);
    CHECK(must(auth.confirm_enrollment(RECORD_SUBJECT, RECORD_CODE, RECORD_NOW)).backup_codes.size() == 10);
    CHECK(must(store.save(RECORD_SUBJECT, unhex(RECORD_ENROLLED_RECORD), 2)));
    CHECK(must(auth.status(RECORD_SUBJECT, RECORD_NOW)).backup_codes_left == 10);
    EXPECT(TWINLOCK_R_REPLAYED,
           auth.finish_sign_in(challenge(RECORD_NOW), tl::answer::otp(RECORD_CODE), RECORD_NOW));
    std::string_view backup(RECORD_BACKUP_CODES);
    CHECK(must(auth.finish_sign_in(challenge(RECORD_NOW), tl::answer::backup(backup.substr(20, 19)), RECORD_NOW)));
    auto code = code_at(RECORD_SECRET, RECORD_NOW + 30);
    CHECK(must(auth.finish_sign_in(challenge(RECORD_NOW + 30), tl::answer::otp(code), RECORD_NOW + 30)));
}

static void a_record_with_everything_in_it_opens()
{
    auto engine = engine_of(RECORD_FULL_KEYS "," RECORD_FULL_OLD_KEYS, {});
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    CHECK(must(store.save(RECORD_FULL_SUBJECT, unhex(RECORD_FULL_RECORD), 0)));
    auto status = must(auth.status(RECORD_FULL_SUBJECT, RECORD_FULL_NOW));
    std::vector<std::string> kinds;
    for (const auto &device : status.devices) kinds.push_back(device.kind);
    CHECK((kinds == std::vector<std::string>{"totp", "hotp", "steam"}));
    CHECK(status.preference == "sent" && status.trusted_devices.at(0).name == "Laptop");
    CHECK(must(auth.is_trusted(RECORD_FULL_SUBJECT, RECORD_FULL_TRUST_TOKEN, RECORD_FULL_NOW)));
    EXPECT(TWINLOCK_R_WRONG_CODE, auth.finish_sign_in(RECORD_FULL_CHALLENGE, tl::answer::backup(RECORD_FULL_SENT_CODE),
                                                      RECORD_FULL_NOW));
    auto proof = must(auth.finish_sign_in(RECORD_FULL_CHALLENGE, tl::answer::sent(RECORD_FULL_SENT_CODE),
                                          RECORD_FULL_NOW));
    CHECK(must(proof.subject()) == RECORD_FULL_SUBJECT && must(proof.method()) == "sent");
}

static void a_session_goes_on()
{
    auto engine = engine_of(SESSION_KEYS, "https://acme.example");
    CHECK(has(must(engine.verify(SESSION_ACCESS, tl::token_kind::access, SESSION_NOW)), "\"tenant\":{\"id\":7}"));
    CHECK(!must(engine.verify(SESSION_REFRESH, tl::token_kind::refresh, SESSION_NOW)).empty());
    CHECK(!must(engine.verify(SESSION_SLIDING, tl::token_kind::sliding, SESSION_NOW)).empty());
    tl::memory_store records, states;
    tl::sessions sessions(engine, records, states);
    auto id = must(engine.session_of(SESSION_ROTATED_REFRESH, SESSION_ROTATED_AT)).id;
    std::string_view state(SESSION_ROTATED_FAMILY);
    CHECK(must(states.save(id, tl::bytes(state.begin(), state.end()), 0)));
    auto again = must(sessions.rotate(SESSION_SESSION_REFRESH, SESSION_ROTATED_AT));
    CHECK(again.refresh.view() == SESSION_ROTATED_REFRESH);
    CHECK(!must(sessions.rotate(SESSION_ROTATED_REFRESH, SESSION_ROTATED_AT + 60)).refresh.empty());
}

static void envelopes_open()
{
    constexpr const char *cases[][3] = {ENVELOPE_VECTORS};
    auto engine = engine_of(ENVELOPE_KEYS, {});
    for (const auto &[subject, plaintext, envelope] : cases)
        CHECK(must(tl::vault_open(engine, subject, unhex(envelope))).view() == plaintext);
    std::string ids;
    for (const auto &id : must(engine.key_ids())) ids += (ids.empty() ? "" : " ") + id;
    CHECK(ids == ENVELOPE_KEY_IDS);
}

int main()
{
    time_based_codes_are_those_of_rfc_6238();
    counter_based_codes_are_those_of_rfc_4226();
    base32_is_that_of_rfc_4648();
    challenges_are_taken_and_refused_as_elsewhere();
    enrollment_tokens_open_enrollment_and_nothing_else();
    a_backup_code_is_kept_as_elsewhere();
    key_files_are_taken_and_refused_as_elsewhere();
    a_record_of_another_language_goes_on();
    a_record_with_everything_in_it_opens();
    a_session_goes_on();
    envelopes_open();
    return 0;
}
