// Codes that the host sends, enrollment tokens, trusted devices, and step-up.
#include "support.hpp"

static tl::engine engine_with(std::string_view fallback, std::string_view sent_codes)
{
    auto config = new_config();
    EXPECT(TWINLOCK_OK, config.set_text(TWINLOCK_OPT_FALLBACK, fallback));
    EXPECT(TWINLOCK_OK, config.set_text(TWINLOCK_OPT_SENT_CODES, sent_codes));
    EXPECT(TWINLOCK_OK, config.set_int(TWINLOCK_OPT_TRUSTED_DEVICES, 2));
    return must(tl::engine::create(std::move(config)));
}

static void a_sent_code_signs_in()
{
    auto engine = engine_with("sent_code", "sign_in");
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    auto login = must(auth.begin_sign_in("42", {"pwd", NOW}, NOW));
    CHECK(login.kind == tl::sign_in_kind::send && login.sent_code.size() == 7);
    CHECK(login.methods == std::vector<std::string>{"sent"} && login.expires_at == NOW + 300);
    auto sent = must(auth.send_code(login.challenge, NOW));
    CHECK(sent.code.size() == 7 && sent.expires_at == NOW + 300);
    must(auth.send_code(login.challenge, NOW));
    auto failure = outcome([&] { return auth.send_code(login.challenge, NOW); });
    CHECK(failure.status() == TWINLOCK_R_TOO_MANY_CODES && failure.retry_after() > 0);
    login = must(auth.begin_sign_in("43", {"pwd", NOW}, NOW));
    CHECK(must(auth.finish_sign_in(login.challenge, tl::answer::sent(login.sent_code), NOW)));
    EXPECT(TWINLOCK_R_NOT_ENROLLED, auth.set_method("43", tl::answer::none(), "otp", NOW));
}

static void an_enrollment_token_opens_enrollment()
{
    auto engine = engine_with("sent_code", "enroll");
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    auto login = must(auth.begin_sign_in("42", {"pwd", NOW}, NOW));
    CHECK(login.gives == tl::challenge_gives::enrollment);
    auto opened = must(auth.finish_for_enrollment(login.challenge, tl::answer::sent(login.sent_code), NOW));
    CHECK(opened.expires_at == NOW + 900 && must(engine.enrollment_subject(opened.token, NOW)) == "42");
    CHECK(must(auth.check_enrollment(opened.token, NOW)) == "42");
    enroll(auth, NOW);
    EXPECT(TWINLOCK_R_TOKEN_INVALID, auth.check_enrollment(opened.token, NOW));

    auto strict = engine_with("enroll", "off");
    tl::memory_store other;
    login = must(tl::second_factor(strict, other).begin_sign_in("42", {"pwd", NOW}, NOW));
    CHECK(login.kind == tl::sign_in_kind::enroll_only && !login.proof && !login.enrollment_token.empty());
}

static void a_trusted_device_takes_the_place_of_the_factor(const tl::second_factor &auth, const tl::proof &proof)
{
    auto trust = must(auth.trust_device("42", proof, "Laptop", NOW + 30));
    CHECK(trust.id.size() == 16 && trust.expires_at == NOW + 30 + 2592000);
    CHECK(must(auth.is_trusted("42", trust.token, NOW + 30)) && !must(auth.is_trusted("42", "x.y.z", NOW + 30)));
    auto login = must(auth.begin_sign_in_on_device("42", {"pwd", NOW + 30}, trust.token, NOW + 30));
    CHECK(login.kind == tl::sign_in_kind::trusted && login.proof && login.trust_id == trust.id);
    CHECK(!must(auth.is_trusted("42", trust.token, NOW + 30)));
    CHECK(must(auth.is_trusted("42", login.trust_token, NOW + 30)));
    EXPECT(TWINLOCK_R_DEVICE_UNKNOWN, auth.revoke_trusted_device("42", "00", NOW + 30));
    EXPECT(TWINLOCK_E_ARGUMENT_INVALID, auth.revoke_trusted_device("42", {}, NOW + 30));
    EXPECT(TWINLOCK_OK, auth.revoke_trusted_device("42", login.trust_id, NOW + 30));
    EXPECT(TWINLOCK_OK, auth.revoke_all_trusted_devices("42", NOW + 30));
    login = must(auth.begin_sign_in_on_device("42", {"pwd", NOW + 30}, login.trust_token, NOW + 30));
    CHECK(login.kind == tl::sign_in_kind::challenge && login.trust_token.empty());
}

static void a_step_up_opens_one_action(const tl::second_factor &auth, std::string_view secret, tl::proof proof)
{
    const auto &engine = auth.engine();
    std::int64_t now = NOW + 60;
    auto session = must(engine.mint_access(std::move(proof), {}, now));
    auto fresh = must(auth.step_up("42", tl::answer::otp(code_at(secret, now)), "payout", session.access, now));
    CHECK(must(fresh.purpose()) == "payout");
    auto payout = must(engine.mint_access(std::move(fresh), {}, now));
    CHECK(payout.access_expires_at == now + 300);
    EXPECT(TWINLOCK_OK, engine.require_step_up(payout.access, "payout", 0, now));
    EXPECT(TWINLOCK_R_SECOND_FACTOR_REQUIRED, engine.require_step_up(payout.access, "disable", 0, now));
    EXPECT(TWINLOCK_R_SECOND_FACTOR_REQUIRED, auth.disable("42", tl::answer::step_up(payout.access), now));
    now += 30;
    fresh = must(auth.step_up("42", tl::answer::otp(code_at(secret, now)), "disable", session.access, now));
    EXPECT(TWINLOCK_E_ARGUMENT_INVALID, engine.mint(std::move(fresh), {}, now));
    CHECK(!fresh);
    now += 30;
    fresh = must(auth.step_up("42", tl::answer::otp(code_at(secret, now)), "disable", session.access, now));
    auto off = must(engine.mint_access(std::move(fresh), {}, now));
    EXPECT(TWINLOCK_OK, auth.disable("42", tl::answer::step_up(off.access), now));
}

int main()
{
    a_sent_code_signs_in();
    an_enrollment_token_opens_enrollment();
    auto engine = engine_with("sign_in", "off");
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    auto secret = enroll(auth, NOW);
    auto proof = sign_in(auth, secret, NOW + 30);
    a_trusted_device_takes_the_place_of_the_factor(auth, proof);
    a_step_up_opens_one_action(auth, secret, std::move(proof));
    return 0;
}
