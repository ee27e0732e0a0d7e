// The main job, from enrollment to tokens, over a store and by hand, and what happens when writes are lost.
#include "support.hpp"

static void a_user_enrolls_and_signs_in(const tl::second_factor &auth)
{
    std::int64_t now = NOW;
    EXPECT(TWINLOCK_R_NO_PENDING_ENROLLMENT, auth.confirm_enrollment("42", "123456", now));
    auto setup = must(auth.begin_enrollment("42", "alice", "Phone", now));
    CHECK(setup.device_id.size() == 24 && setup.expires_at == now + 900);
    CHECK(has(setup.uri, "otpauth://totp/Acme:alice?secret=") && has(setup.uri, setup.secret));
    EXPECT(TWINLOCK_R_WRONG_CODE, auth.confirm_enrollment("42", "000000", now));
    auto enrolled = must(auth.confirm_enrollment("42", code_at(setup.secret, now), now));
    CHECK(enrolled.backup_codes.size() == 10 && enrolled.proof);
    EXPECT(TWINLOCK_R_ALREADY_ENROLLED, auth.begin_enrollment("42", "alice", {}, now));

    now += 30;
    auto login = must(auth.begin_sign_in("42", {"pwd", now, "cookie"}, now));
    CHECK(login.kind == tl::sign_in_kind::challenge && login.gives == tl::challenge_gives::sign_in);
    CHECK((login.methods == std::vector<std::string>{"otp", "backup"}) && login.expires_at == now + 120);
    CHECK(must(auth.engine().challenge_subject(login.challenge, now)) == "42");
    auto code = code_at(setup.secret, now);
    EXPECT(TWINLOCK_R_CHALLENGE_INVALID, auth.finish_sign_in(login.challenge, tl::answer::otp(code), now));
    auto proof = must(auth.finish_sign_in({login.challenge, "cookie"}, tl::answer::otp(code), now));
    CHECK(must(proof.subject()) == "42" && must(proof.auth_time()) == now && must(proof.epoch()) > 0);
    CHECK((must(proof.amr()) == std::vector<std::string>{"pwd", "otp", "mfa"}));
    CHECK(must(proof.method()) == "otp" && must(proof.device_id()) == setup.device_id && !must(proof.purpose()));

    login = must(auth.begin_sign_in("42", {"pwd", now}, now));
    EXPECT(TWINLOCK_R_REPLAYED, auth.finish_sign_in(login.challenge, tl::answer::otp(code), now));
    proof = must(auth.finish_sign_in(login.challenge, tl::answer::backup(enrolled.backup_codes[3]), now));
    CHECK(must(proof.method()) == "backup" && !must(proof.device_id()));
    auto codes = must(auth.regenerate_backup_codes("42", tl::answer::otp(code_at(setup.secret, now + 30)), now + 30));
    CHECK(codes.size() == 10 && codes[0].view() != enrolled.backup_codes[0].view());
    CHECK(must(auth.admin_regenerate_backup_codes("42", now)).size() == 10);
    auto status = must(auth.status("42", now));
    CHECK(status.enabled && status.backup_codes_left == 10 && status.devices.at(0).name == "Phone");
}

static void guesses_end_in_a_lock_that_says_how_long(const tl::second_factor &auth)
{
    std::int64_t now = NOW + 300;
    auto login = must(auth.begin_sign_in("42", {"pwd", now}, now));
    for (int guess = 0; guess < 5; guess++)
        EXPECT(TWINLOCK_R_WRONG_CODE, auth.disable("42", tl::answer::otp("000000"), now));
    auto failure = outcome([&] { return auth.finish_sign_in(login.challenge, tl::answer::any("000000"), now); });
    CHECK(failure.status() == TWINLOCK_R_LOCKED && failure.retry_after() == 30 && failure.is_refusal());
    CHECK(failure.name() == "locked" && has(failure.message(), "Too many wrong codes"));
    EXPECT(TWINLOCK_OK, auth.unlock("42", now));
    EXPECT(TWINLOCK_R_WRONG_CODE, auth.finish_sign_in(login.challenge, tl::answer::any("000000"), now));
    EXPECT(TWINLOCK_OK, auth.bump_epoch("42", now));
    EXPECT(TWINLOCK_R_CHALLENGE_INVALID, auth.finish_sign_in(login.challenge, tl::answer::any("000000"), now));
    EXPECT(TWINLOCK_OK, auth.admin_reset("42", now));
    EXPECT(TWINLOCK_R_NOT_ENROLLED, auth.admin_reset("42", now));
}

static void a_lost_write_is_tried_again_and_not_for_ever(const tl::engine &engine)
{
    losing_store store;
    tl::second_factor auth(engine, store);
    store.losses = 3;
    auto secret = enroll(auth, NOW);
    CHECK(store.pauses == 3 && store.losses == 0);
    auto login = must(auth.begin_sign_in("42", {"pwd", NOW}, NOW));
    store.losses = 8;
    auto failure =
        outcome([&] { return auth.finish_sign_in(login.challenge, tl::answer::otp(code_at(secret, NOW + 30)), NOW); });
    CHECK(failure.status() == TWINLOCK_R_CONTENDED && failure.retry_after() == 1);
    CHECK(store.losses == 0 && store.pauses == 3 + 7);
    CHECK(must(auth.finish_sign_in(login.challenge, tl::answer::otp(code_at(secret, NOW + 30)), NOW)));
}

// A store that nobody may ask.
struct untouched_store : tl::memory_store {
    tl::returns<std::optional<tl::stored_record>> load(std::string_view) override
    {
        CHECK(false);
        return std::optional<tl::stored_record>();
    }
};

static void no_store_hears_of_what_is_no_subject(const tl::engine &engine)
{
    untouched_store store;
    tl::second_factor auth(engine, store);
    for (const auto &subject : {std::string(), std::string("4\n2"), std::string(256, '4')}) {
        EXPECT(TWINLOCK_E_SUBJECT_INVALID, auth.begin_enrollment(subject, "alice", {}, NOW));
        EXPECT(TWINLOCK_E_SUBJECT_INVALID, auth.status(subject, NOW));
        EXPECT(TWINLOCK_E_SUBJECT_INVALID, auth.reseal(subject));
    }
}

static void a_verdict_counts_only_once_it_is_stored(const tl::engine &engine)
{
    auto first = must(engine.begin_enrollment("42", {}, "alice", {}, NOW));
    auto record = must(first.record());
    CHECK(!record.empty() && record.size() <= TWINLOCK_RECORD_MAX);
    EXPECT(TWINLOCK_E_COMMIT_LOST, first.commit(0));
    auto second = must(engine.begin_enrollment("42", {}, "alice", {}, NOW));
    record = must(second.record());
    auto setup = must(second.commit(1));
    CHECK(must(engine.begin_enrollment("42", record, "alice", {}, NOW)));
    EXPECT(TWINLOCK_E_ENVELOPE_REJECTED, engine.begin_enrollment("43", record, "alice", {}, NOW));
    CHECK(must(must(engine.confirm_enrollment("42", record, code_at(setup.secret, NOW), NOW)).commit(1)).proof);
}

#ifndef TWINLOCK_NO_EXCEPTIONS
struct broken_store : tl::memory_store {
    bool save(std::string_view, tl::bytes_view, std::uint64_t) override { throw std::range_error("disk full"); }
};

static void errors_are_exceptions(const tl::engine &engine)
{
    broken_store broken;
    try {
        static_cast<void>(tl::second_factor(engine, broken).begin_enrollment("42", "alice", {}, NOW));
        CHECK(false);
    } catch (const std::range_error &error) {
        CHECK(std::string_view(error.what()) == "disk full");
    }
    try {
        static_cast<void>(engine.verify("x.y.z", tl::token_kind::access, NOW));
        CHECK(false);
    } catch (const tl::error &error) {
        CHECK(error.name() == "token_invalid" && std::string_view(error.what()) == "The token is invalid.");
        CHECK(dynamic_cast<const tl::refusal *>(&error) != nullptr);
    }
    try {
        static_cast<void>(must(engine.begin_enrollment("42", {}, "alice", {}, NOW)).commit(-1));
        CHECK(false);
    } catch (const tl::commit_lost &error) {
        CHECK(error.status() == TWINLOCK_E_COMMIT_LOST);
    }
}
#else
struct broken_store : tl::memory_store {
    tl::result<bool> save(std::string_view, tl::bytes_view, std::uint64_t) override
    {
        return tl::failure(TWINLOCK_E_STORE_FAILED);
    }
};

static void errors_are_results(const tl::engine &engine)
{
    broken_store broken;
    auto setup = tl::second_factor(engine, broken).begin_enrollment("42", "alice", {}, NOW);
    CHECK(!setup && setup.error().status() == TWINLOCK_E_STORE_FAILED && !setup.error().is_refusal());
    auto claims = engine.verify("x.y.z", tl::token_kind::access, NOW);
    CHECK(!claims.has_value() && claims.error().name() == "token_invalid");
    auto version = tl::version();
    CHECK(version && *version == TWINLOCK_VERSION && version->size() == 5);
    CHECK(version.error().status() == TWINLOCK_OK);
}
#endif

int main()
{
    auto engine = new_engine();
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    CHECK(tl::abi_version() == TWINLOCK_ABI_VERSION && must(tl::version()) == TWINLOCK_VERSION);
    a_user_enrolls_and_signs_in(auth);
    guesses_end_in_a_lock_that_says_how_long(auth);
    a_lost_write_is_tried_again_and_not_for_ever(engine);
    no_store_hears_of_what_is_no_subject(engine);
    a_verdict_counts_only_once_it_is_stored(engine);
#ifndef TWINLOCK_NO_EXCEPTIONS
    errors_are_exceptions(engine);
#else
    errors_are_results(engine);
#endif
    return 0;
}
