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

static tl::engine engine_of(std::string_view keys, std::string_view issuer)
{
    auto config = new_config(keys);
    EXPECT(TWINLOCK_OK, config.set_text(TWINLOCK_OPT_SENT_CODES, "sign_in"));
    EXPECT(TWINLOCK_OK, config.set_int(TWINLOCK_OPT_TRUSTED_DEVICES, 3));
    if (!issuer.empty()) EXPECT(TWINLOCK_OK, config.set_text(TWINLOCK_OPT_JWT_ISSUER, issuer));
    return must(tl::engine::create(std::move(config)));
}

static void a_record_with_everything_in_it_opens()
{
    auto engine = engine_of(RECORD_FULL_KEYS "," RECORD_FULL_OLD_KEYS, {});
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    CHECK(must(store.save(RECORD_FULL_SUBJECT, unhex(RECORD_FULL_RECORD), 0)));
    auto status = must(auth.status(RECORD_FULL_SUBJECT, RECORD_FULL_NOW));
    CHECK(has(status, "\"totp\"") && has(status, "\"hotp\"") && has(status, "\"steam\""));
    CHECK(has(status, "\"preference\":\"sent\"") && has(status, "\"Laptop\""));
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
    auto pending =
        must(engine.rotate(SESSION_ROTATED_REFRESH, SESSION_ROTATED_FAMILY, {}, SESSION_ROTATED_AT));
    CHECK(!must(pending.record()).empty());
    CHECK(!must(pending.commit(1)).refresh.empty());
}

static void envelopes_open()
{
    constexpr const char *cases[][3] = {ENVELOPES};
    auto engine = engine_of(ENVELOPE_KEYS, {});
    for (const auto &[subject, plaintext, envelope] : cases)
        CHECK(must(tl::vault_open(engine, subject, unhex(envelope))).view() == plaintext);
    std::string ids;
    for (const auto &id : must(engine.key_ids())) ids += (ids.empty() ? "" : " ") + id;
    CHECK(ids == ENVELOPE_KEY_IDS);
}

int main()
{
    a_record_with_everything_in_it_opens();
    a_session_goes_on();
    envelopes_open();
    return 0;
}
