// Tokens, sessions whose refresh tokens rotate, and keys that change under records and secrets.
#include "support.hpp"

static void tokens_are_minted_and_verified(const tl::second_factor &auth)
{
    const auto &engine = auth.engine();
    auto tokens = must(engine.mint(proof_of(engine), "{\"tenant\":7}", NOW));
    CHECK(tokens.access_expires_at == NOW + 300 && tokens.refresh_expires_at == NOW + 86400);
    CHECK(has(must(engine.verify(tokens.access, tl::token_kind::access, NOW)), "\"tenant\":7"));
    EXPECT(TWINLOCK_R_TOKEN_EXPIRED, engine.verify(tokens.access, tl::token_kind::access, NOW + 300));
    EXPECT(TWINLOCK_R_TOKEN_INVALID, engine.verify(tokens.access, tl::token_kind::refresh, NOW));
    EXPECT(TWINLOCK_E_CLAIM_INVALID, engine.mint(proof_of(engine), "{\"sub\":1}", NOW));
    CHECK(must(engine.token_subject(tokens.access, tl::token_kind::access, NOW)) == "42");
    CHECK(must(engine.refresh_subject(tokens.refresh, NOW)) == "42");
    CHECK(must(auth.refresh(tokens.refresh, NOW + 400)).access_expires_at == NOW + 700);
    EXPECT(TWINLOCK_R_TOKEN_INVALID, auth.refresh(tokens.access, NOW));

    auto sliding = must(engine.mint_sliding(proof_of(engine), {}, NOW));
    CHECK(must(auth.refresh_sliding(sliding.access, NOW + 200)).access_expires_at == NOW + 500);
    EXPECT(TWINLOCK_R_TOKEN_EXPIRED, auth.refresh_sliding(sliding.access, NOW + 300));
    CHECK(must(engine.jwks()) == "{\"keys\":[]}");
}

static void a_session_rotates_and_a_thief_ends_it(const tl::second_factor &auth)
{
    const auto &engine = auth.engine();
    tl::memory_store states;
    tl::sessions sessions(engine, auth.store(), states);
    auto first = must(sessions.begin(proof_of(engine), "{\"tenant\":7}", NOW));
    auto found = must(engine.session_of(first.refresh, NOW));
    CHECK(found.id.size() == 32 && found.subject == "42" && must(states.load(found.id)));
    auto second = must(sessions.rotate(first.refresh, NOW + 60));
    CHECK(second.refresh.view() != first.refresh.view() && second.access_expires_at == NOW + 360);
    CHECK(must(sessions.rotate(first.refresh, NOW + 65)).refresh.view() == second.refresh.view());
    auto third = must(sessions.rotate(second.refresh, NOW + 100));
    EXPECT(TWINLOCK_R_TOKEN_REUSED, sessions.rotate(first.refresh, NOW + 200));
    EXPECT(TWINLOCK_R_SESSION_ENDED, sessions.rotate(third.refresh, NOW + 201));
    EXPECT(TWINLOCK_R_TOKEN_INVALID, sessions.rotate(first.access, NOW));
}

static void a_logout_ends_a_session(const tl::second_factor &auth)
{
    losing_store states;
    tl::sessions sessions(auth.engine(), auth.store(), states);
    auto tokens = must(sessions.begin(proof_of(auth.engine()), {}, NOW));
    states.losses = 2;
    EXPECT(TWINLOCK_OK, sessions.end(tokens.refresh, NOW + 5));
    CHECK(states.losses == 0 && states.pauses == 2);
    EXPECT(TWINLOCK_R_SESSION_ENDED, sessions.rotate(tokens.refresh, NOW + 6));
    tl::memory_store forgotten;
    tl::sessions elsewhere(auth.engine(), auth.store(), forgotten);
    EXPECT(TWINLOCK_OK, elsewhere.end(tokens.refresh, NOW + 5));
    EXPECT(TWINLOCK_R_SESSION_ENDED, elsewhere.rotate(tokens.refresh, NOW + 6));
    states.losses = 1;
    EXPECT(TWINLOCK_E_STORE_FAILED, sessions.begin(proof_of(auth.engine()), {}, NOW));
}

static void a_rotation_counts_only_once_it_is_stored(const tl::engine &engine)
{
    auto session = must(engine.begin_session(proof_of(engine), {}, NOW));
    auto lost = must(engine.rotate(session.tokens.refresh, session.state, {}, NOW));
    EXPECT(TWINLOCK_E_COMMIT_LOST, lost.commit(0));
    EXPECT(TWINLOCK_E_FAMILY_MALFORMED, engine.rotate(session.tokens.refresh, "{}", {}, NOW));
}

// Records and states of sessions in one transaction. Its writes can be lost, or fail as one whose second row fails.
class both_tables : public tl::joint_store {
public:
    losing_store records;
    tl::memory_store states;
    int losses = 0;
    bool fails = false;

    tl::returns<std::optional<tl::stored_record>> load(std::string_view subject) override
    {
        return records.load(subject);
    }

    tl::returns<bool> save(std::string_view subject, tl::bytes_view record, std::uint64_t expected) override
    {
        return records.save(subject, record, expected);
    }

    tl::returns<bool> save_with_session(std::string_view subject, tl::bytes_view record, std::uint64_t expected,
                                        const tl::new_session &session) override
    {
        if (losses > 0) return losses--, false;
        if (fails) return tl::detail::give(tl::result<bool>(tl::failure(TWINLOCK_E_STORE_FAILED)));
        bool saved = must(records.save(subject, record, expected));
        CHECK(!saved || must(states.save(session.id, tl::detail::octets(session.state), 0)));
        return saved;
    }

    void pause(std::chrono::microseconds) override {}
};

static void a_sign_in_and_its_session_are_one_decision(const tl::engine &engine)
{
    both_tables both;
    tl::second_factor auth(engine, both);
    tl::sessions sessions(engine, both, both.states);
    auto secret = enroll(auth, NOW);
    auto challenge = [&] { return std::move(must(auth.begin_sign_in("42", {"pwd", NOW + 30}, NOW + 30)).challenge); };
    auto open = challenge(), code = code_at(secret, NOW + 30);

    both.fails = true;
    EXPECT(TWINLOCK_E_STORE_FAILED,
           sessions.begin_with(both, open, tl::answer::otp(code), {}, NOW + 30));
    both.fails = false;
    both.losses = 2;
    auto begun = must(sessions.begin_with(both, open, tl::answer::otp(code), "{\"tenant\":7}", NOW + 30));
    CHECK(both.losses == 0 && begun.method == "otp" && begun.session.subject == "42");
    CHECK(must(both.states.load(begun.session.id)) && !begun.session.state.empty());
    CHECK(must(sessions.rotate(begun.session.tokens.refresh, NOW + 60)).access_expires_at == NOW + 360);
    EXPECT(TWINLOCK_R_CHALLENGE_SPENT, sessions.begin_with(both, open, tl::answer::otp(code), {}, NOW + 31));

    auto version = must(both.load("42"))->version;
    EXPECT(TWINLOCK_R_REPLAYED, sessions.begin_with(both, challenge(), tl::answer::otp(code), {}, NOW + 31));
    CHECK(must(both.load("42"))->version == version + 1);
    EXPECT(TWINLOCK_R_CHALLENGE_INVALID, sessions.begin_with(both, "none", tl::answer::otp(code), {}, NOW + 31));
    auto next = code_at(secret, NOW + 60);
    both.losses = 100;
    EXPECT(TWINLOCK_R_CONTENDED, sessions.begin_with(both, challenge(), tl::answer::otp(next), {}, NOW + 60));
    EXPECT(TWINLOCK_E_CLAIM_INVALID,
           sessions.begin_with(both, challenge(), tl::answer::otp(next), "{\"sub\":1}", NOW + 60));
}

static void a_record_moves_to_a_new_key(const tl::engine &old, const tl::engine &both, const tl::engine &fresh)
{
    tl::memory_store store;
    CHECK(!must(tl::second_factor(both, store).reseal("42")));
    enroll(tl::second_factor(old, store), NOW);
    auto ids = must(both.key_ids());
    CHECK(ids.size() == 2 && ids[0].size() == 16 && ids[1] == must(old.key_ids())[0]);
    CHECK(must(both.keys_needed("42", must(store.load("42"))->record)) == must(old.key_ids()));
    CHECK(has(must(both.inspect("42", must(store.load("42"))->record)), "\"kind\":\"totp\""));
    CHECK(must(tl::second_factor(both, store).keys_needed("42")) == must(old.key_ids()));
    CHECK(must(tl::second_factor(both, store).keys_needed("43")).empty());
    EXPECT(TWINLOCK_E_KEY_UNKNOWN, tl::second_factor(fresh, store).status("42", NOW));
    CHECK(must(tl::second_factor(both, store).reseal("42")));
    CHECK(!must(tl::second_factor(both, store).reseal("42")));
    CHECK(must(tl::second_factor(fresh, store).status("42", NOW)).enabled);
    CHECK(must(tl::vault_key_id(must(store.load("42"))->record)) == ids[0]);
}

static void a_secret_opens_for_its_subject_alone(const tl::engine &old, const tl::engine &both,
                                                 const tl::engine &fresh)
{
    constexpr std::string_view secret("a\0secret", 8);
    auto envelope = must(tl::vault_seal(old, "42", secret));
    auto text = must(tl::vault_to_text(envelope));
    CHECK(must(tl::vault_from_text(text)) == envelope);
    EXPECT(TWINLOCK_E_ENVELOPE_MALFORMED, tl::vault_from_text("VEw="));
    CHECK(must(tl::vault_open(both, "42", envelope)).view() == secret);
    EXPECT(TWINLOCK_E_ENVELOPE_REJECTED, tl::vault_open(both, "43", envelope));
    EXPECT(TWINLOCK_E_KEY_UNKNOWN, tl::vault_open(fresh, "42", envelope));
    auto again = must(tl::vault_reseal(both, "42", envelope));
    CHECK(must(tl::vault_open(fresh, "42", again)).view() == secret && must(tl::vault_reseal(both, "42", again)).empty());
    CHECK(must(tl::vault_open(old, "42", must(tl::vault_seal(old, "42", {})))).empty());
}

int main()
{
    auto old = new_engine(), fresh = new_engine(NEW_KEY), both = new_engine(std::string(NEW_KEY) + "," + KEY);
    tl::memory_store store;
    tl::second_factor auth(old, store);
    tokens_are_minted_and_verified(auth);
    a_session_rotates_and_a_thief_ends_it(auth);
    a_logout_ends_a_session(auth);
    a_rotation_counts_only_once_it_is_stored(auth.engine());
    a_sign_in_and_its_session_are_one_decision(old);
    a_record_moves_to_a_new_key(old, both, fresh);
    a_secret_opens_for_its_subject_alone(old, both, fresh);
    return 0;
}
