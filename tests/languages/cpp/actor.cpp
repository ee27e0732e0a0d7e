// The actor in C++. python/tests/support/languages/cast.py says what lines come in and go out.
#include "facts.hpp"

#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>

// The arguments of a call; one that is not given is empty.
class arguments {
public:
    explicit arguments(std::istream &words)
    {
        for (std::string word; std::getline(words, word, '\t');) {
            auto equals = word.find('=');
            values_[word.substr(0, equals)] = word.substr(equals + 1);
        }
    }

    const std::string &operator[](const std::string &name) const
    {
        static const std::string none;
        auto found = values_.find(name);
        return found == values_.end() ? none : found->second;
    }

    tl::answer answer() const
    {
        static const std::map<std::string_view, tl::answer (*)(std::string_view)> kinds = {
            {"otp", tl::answer::otp},   {"backup", tl::answer::backup},   {"any", tl::answer::any},
            {"sent", tl::answer::sent}, {"step_up", tl::answer::step_up},
        };
        std::string_view given = (*this)["answer"];
        if (given.empty()) return tl::answer::none();
        auto colon = given.find(':');
        return kinds.at(given.substr(0, colon))(given.substr(colon + 1));
    }

    tl::presented_challenge presented() const { return {(*this)["challenge"], (*this)["binding"]}; }

    tl::device_parameters device() const
    {
        static const std::map<std::string_view, tl::device_kind> kinds = {
            {"", tl::device_kind::totp}, {"hotp", tl::device_kind::hotp}, {"steam", tl::device_kind::steam}};
        return {kinds.at((*this)["kind"])};
    }

private:
    std::map<std::string, std::string> values_;
};

// One call: who makes it, for whom and when, and what it gives.
struct scene {
    const tl::second_factor &auth;
    tl::memory_store &states;
    const arguments &with;
    const std::string &subject;
    std::int64_t now;
    facts gives;

    const tl::engine &engine() const { return auth.engine(); }

    // What a proof says, and the tokens that it is good for.
    void grant(tl::proof proof)
    {
        facts before = gives;
        const auto &kind = with["grant"];
        gives.proof(proof);
        try {
            if (kind == "access") {
                gives.tokens(engine().mint_access(std::move(proof), {}, now));
            } else if (kind == "sliding") {
                gives.tokens(engine().mint_sliding(std::move(proof), {}, now));
            } else if (kind == "session") {
                auto tokens = sessions().begin(std::move(proof), {}, now);
                auto id = engine().session_of(tokens.refresh, now).id;
                gives.tokens(tokens);
                gives.session(id, state(id));
            } else {
                gives.tokens(engine().mint(std::move(proof), {}, now));
            }
        } catch (...) {
            gives = before;
            throw;
        }
    }

    void begin_sign_in()
    {
        static const char *const outcomes[] = {"not_required", "challenge", "send", "trusted", "enroll_only"};
        tl::first_factor first{"pwd", now, with["binding"]};
        auto login = auth.begin_sign_in_on_device(subject, first, with["trust_token"], now);
        gives.text("outcome", outcomes[static_cast<int>(login.kind)]);
        switch (login.kind) {
        case tl::sign_in_kind::not_required: return grant(std::move(login.proof));
        case tl::sign_in_kind::enroll_only: return gives.opened(login.enrollment_token, login.expires_at);
        case tl::sign_in_kind::trusted:
            gives.trust(login.trust_id, login.trust_token, login.expires_at);
            return grant(std::move(login.proof));
        case tl::sign_in_kind::send: gives.text("sent_code", login.sent_code); return gives.challenge(login);
        case tl::sign_in_kind::challenge: return gives.challenge(login);
        }
    }

    void finish_sign_in()
    {
        auto proof = auth.finish_sign_in(with.presented(), with.answer(), now);
        if (!with["trust"].empty()) {
            auto trust = auth.trust_device(subject, proof, with["trust"], now);
            gives.trust(trust.id, trust.token, trust.expires_at);
        }
        grant(std::move(proof));
    }

    // Both tables at once. What is stored of a session is told also where the answer is no.
    struct joint : tl::joint_store {
        explicit joint(scene &of) : scene_(of) {}

        std::optional<tl::stored_record> load(std::string_view subject) override
        {
            return scene_.auth.store().load(subject);
        }

        bool save(std::string_view subject, tl::bytes_view record, std::uint64_t expected_version) override
        {
            return scene_.auth.store().save(subject, record, expected_version);
        }

        bool save_with_session(std::string_view subject, tl::bytes_view record, std::uint64_t expected_version,
                               const tl::new_session &session) override
        {
            scene_.gives.session(session.id, session.state);
            tl::bytes state(session.state.begin(), session.state.end());
            return save(subject, record, expected_version) && scene_.states.save(session.id, state, 0);
        }

    private:
        scene &scene_;
    };

    void finish_with_session()
    {
        joint both(*this);
        auto signed_in = sessions().begin_with(both, with.presented(), with.answer(), {}, now);
        gives.text("method", signed_in.method);
        gives.tokens(signed_in.session.tokens);
    }

    void import_backup_codes()
    {
        std::string lines = with["codes"];
        for (auto &character : lines)
            if (character == ' ') character = '\n';
        auth.import_backup_codes(subject, with["scheme"], lines, {}, now);
    }

    // What is stored of the session is told also where that ends it.
    void rotate()
    {
        auto tell_state = [&] { gives.text("state", state(with["session"])); };
        try {
            gives.tokens(sessions().rotate(with["token"], now));
        } catch (const tl::error &) {
            tell_state();
            throw;
        }
        tell_state();
    }

    tl::sessions sessions() const { return {engine(), auth.store(), states}; }

    std::string state(std::string_view session) const
    {
        auto row = states.load(session).value();
        return {row.record.begin(), row.record.end()};
    }

    void verify()
    {
        static const std::map<std::string_view, tl::token_kind> kinds = {{"access", tl::token_kind::access},
                                                                         {"refresh", tl::token_kind::refresh},
                                                                         {"sliding", tl::token_kind::sliding}};
        gives.json("claims", engine().verify(with["token"], kinds.at(with["kind"]), now));
    }
};

using call = void (*)(scene &);

static const std::map<std::string, call> &calls()
{
    static const std::map<std::string, call> table = {
        {"begin_enrollment",
         [](scene &s) {
             s.gives.setup(
                 s.auth.begin_enrollment_with(s.subject, s.with["account"], s.with["name"], s.with.device(), s.now));
         }},
        {"confirm_enrollment",
         [](scene &s) {
             auto enrolled = s.auth.confirm_enrollment(s.subject, s.with["code"], s.now);
             s.gives.text("device_id", enrolled.device_id);
             s.gives.codes(enrolled.backup_codes);
             s.grant(std::move(enrolled.proof));
         }},
        {"check_enrollment",
         [](scene &s) { s.gives.text("subject", s.auth.check_enrollment(s.with["token"], s.now)); }},
        {"add_device",
         [](scene &s) {
             s.gives.setup(s.auth.add_device(s.subject, s.with.answer(), s.with["account"], s.with["name"],
                                             s.with.device(), s.now));
         }},
        {"rename_device",
         [](scene &s) { s.auth.rename_device(s.subject, s.with["device_id"], s.with["name"], s.now); }},
        {"remove_device",
         [](scene &s) {
             auto removed = s.auth.remove_device(s.subject, s.with["device_id"], s.with.answer(), s.now);
             s.gives.flag("last", removed.last_device);
         }},
        {"resync_device",
         [](scene &s) {
             s.auth.resync_device(s.subject, s.with["device_id"], s.with["first"], s.with["second"], s.now);
         }},
        {"import_device",
         [](scene &s) {
             s.gives.text("device_id", s.auth.import_device(s.subject, {s.with["name"], s.with["secret"]}, s.now));
         }},
        {"import_backup_codes", [](scene &s) { s.import_backup_codes(); }},
        {"begin_sign_in", [](scene &s) { s.begin_sign_in(); }},
        {"finish_sign_in", [](scene &s) { s.finish_sign_in(); }},
        {"finish_with_session", [](scene &s) { s.finish_with_session(); }},
        {"finish_for_enrollment",
         [](scene &s) {
             auto opened = s.auth.finish_for_enrollment(s.with.presented(), s.with.answer(), s.now);
             s.gives.opened(opened.token, opened.expires_at);
         }},
        {"send_code",
         [](scene &s) {
             auto sent = s.auth.send_code(s.with.presented(), s.now);
             s.gives.text("sent_code", sent.code);
             s.gives.number("expires_at", sent.expires_at);
         }},
        {"set_method", [](scene &s) { s.auth.set_method(s.subject, s.with.answer(), s.with["method"], s.now); }},
        {"step_up",
         [](scene &s) {
             s.grant(s.auth.step_up(s.subject, s.with.answer(), s.with["purpose"], s.with["session"], s.now));
         }},
        {"require_step_up",
         [](scene &s) { s.engine().require_step_up(s.with["token"], s.with["purpose"], 0, s.now); }},
        {"is_trusted",
         [](scene &s) { s.gives.flag("trusted", s.auth.is_trusted(s.subject, s.with["token"], s.now)); }},
        {"revoke_trusted_device",
         [](scene &s) { s.auth.revoke_trusted_device(s.subject, s.with["trust_id"], s.now); }},
        {"revoke_trusted_devices", [](scene &s) { s.auth.revoke_all_trusted_devices(s.subject, s.now); }},
        {"disable", [](scene &s) { s.auth.disable(s.subject, s.with.answer(), s.now); }},
        {"regenerate_backup_codes",
         [](scene &s) { s.gives.codes(s.auth.regenerate_backup_codes(s.subject, s.with.answer(), s.now)); }},
        {"admin_regenerate_backup_codes",
         [](scene &s) { s.gives.codes(s.auth.admin_regenerate_backup_codes(s.subject, s.now)); }},
        {"unlock", [](scene &s) { s.auth.unlock(s.subject, s.now); }},
        {"admin_reset", [](scene &s) { s.auth.admin_reset(s.subject, s.now); }},
        {"bump_epoch", [](scene &s) { s.auth.bump_epoch(s.subject, s.now); }},
        {"status", [](scene &s) { s.gives.status(s.auth.status(s.subject, s.now)); }},
        {"reseal", [](scene &s) { s.gives.flag("resealed", s.auth.reseal(s.subject)); }},
        {"verify", [](scene &s) { s.verify(); }},
        {"refresh", [](scene &s) { s.gives.tokens(s.auth.refresh(s.with["token"], s.now)); }},
        {"refresh_sliding", [](scene &s) { s.gives.tokens(s.auth.refresh_sliding(s.with["token"], s.now)); }},
        {"rotate", [](scene &s) { s.rotate(); }},
    };
    return table;
}

static tl::engine configure(const arguments &with)
{
    static const std::map<std::string, std::int32_t> words = {{"keys", TWINLOCK_OPT_KEYS},
                                                              {"fallback", TWINLOCK_OPT_FALLBACK},
                                                              {"sent_codes", TWINLOCK_OPT_SENT_CODES},
                                                              {"opt_out", TWINLOCK_OPT_OPT_OUT}};
    auto config = tl::config::create();
    config.set_text(TWINLOCK_OPT_ISSUER, "Acme");
    for (const auto &[name, option] : words)
        if (!with[name].empty()) config.set_text(option, with[name]);
    if (!with["trusted_devices"].empty())
        config.set_int(TWINLOCK_OPT_TRUSTED_DEVICES, std::stoll(with["trusted_devices"]));
    return tl::engine::create(std::move(config));
}

static tl::bytes unhex(std::string_view text)
{
    tl::bytes bytes;
    for (std::size_t at = 0; at + 1 < text.size(); at += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(std::string(text.substr(at, 2)), nullptr, 16)));
    return bytes;
}

static std::string hex(const tl::bytes &bytes)
{
    static const char digits[] = "0123456789abcdef";
    std::string text;
    for (auto byte : bytes) text += {digits[byte >> 4], digits[byte & 15]};
    return text;
}

static std::string play(const tl::engine &engine, const std::string &name, const arguments &with)
{
    tl::memory_store store, states;
    const auto &subject = with["subject"], &state = with["state"];
    if (!with["record"].empty()) store.save(subject, unhex(with["record"]), 0);
    if (!state.empty()) states.save(with["session"], tl::bytes(state.begin(), state.end()), 0);
    tl::second_factor auth(engine, store);
    scene scene{auth, states, with, subject, std::stoll(with["now"]), {}};
    tl::failure verdict(TWINLOCK_OK);
    try {
        calls().at(name)(scene);
    } catch (const tl::refusal &refusal) {
        verdict = tl::failure(refusal.status(), refusal.retry_after());
    } catch (const tl::fault &fault) {
        verdict = tl::failure(fault.status());
    }
    auto row = store.load(subject);
    facts answer;
    answer.text("verdict", verdict.name());
    answer.number("retry_after", verdict.retry_after());
    answer.object("facts", scene.gives);
    answer.text("record", row ? hex(row->record) : "");
    return answer.object();
}

int main()
{
    std::optional<tl::engine> engine;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string name;
        std::getline(words, name, '\t');
        arguments with(words);
        if (name == "configure") {
            engine = configure(with);
        } else {
            std::cout << play(engine.value(), name, with) << std::endl;
        }
    }
    return 0;
}
