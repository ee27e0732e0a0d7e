// The programs of docs/cpp.md, with exceptions.
#include <iostream>

#include <twinlock.hpp>

static twinlock::secret_string keys_from_your_vault()
{
    return twinlock::keyring_generate();
}

static twinlock::engine new_engine()
{
    auto config = twinlock::config::create();
    config.set_text(TWINLOCK_OPT_ISSUER, "Acme");
    config.set_text(TWINLOCK_OPT_KEYS, keys_from_your_vault());
    return twinlock::engine::create(std::move(config));
}

// A database that keeps one table: subject, version, record.
class database {
public:
    struct row {
        twinlock::bytes record;
        std::uint64_t version;
    };

    std::optional<row> select(std::string_view subject)
    {
        auto found = memory_.load(subject);
        if (!found) return std::nullopt;
        return row{std::move(found->record), found->version};
    }

    int insert(std::string_view subject, twinlock::bytes_view record) { return memory_.save(subject, record, 0); }

    int update(std::string_view subject, twinlock::bytes_view record, std::uint64_t where_version)
    {
        return memory_.save(subject, record, where_version);
    }

private:
    twinlock::memory_store memory_;
};

class my_store : public twinlock::store {
public:
    explicit my_store(database &database) : database_(&database) {}

    std::optional<twinlock::stored_record> load(std::string_view subject) override
    {
        // SELECT record, version FROM second_factor WHERE subject = ?
        auto row = database_->select(subject);
        if (!row) return std::nullopt;
        return twinlock::stored_record{row->record, row->version};
    }

    bool save(std::string_view subject, twinlock::bytes_view record, std::uint64_t expected_version) override
    {
        // INSERT INTO second_factor (subject, record, version) VALUES (?, ?, 1) ON CONFLICT DO NOTHING
        if (expected_version == 0) return database_->insert(subject, record) == 1;
        // UPDATE second_factor SET record = ?, version = version + 1 WHERE subject = ? AND version = ?
        return database_->update(subject, record, expected_version) == 1;
    }

private:
    database *database_;
};

static twinlock::secret_string enroll(const twinlock::second_factor &auth)
{
    auto setup = auth.begin_enrollment("42", "alice@example.com");
    std::cout << twinlock::qr_terminal(setup.uri).view();

    auto typed = twinlock::totp_generate(setup.secret, {}, twinlock::unix_now());
    auto enrolled = auth.confirm_enrollment("42", typed);
    for (const auto &code : enrolled.backup_codes) std::cout << code.view() << '\n';
    return std::move(setup.secret);
}

static twinlock::tokens sign_in(const twinlock::second_factor &auth, std::string_view typed)
{
    auto login = auth.begin_sign_in("42", {"pwd", twinlock::unix_now()});
    if (login.proof) return auth.engine().mint(std::move(login.proof), {}, twinlock::unix_now());

    auto proof = auth.finish_sign_in(login.challenge, twinlock::answer::any(typed));
    return auth.engine().mint(std::move(proof), {}, twinlock::unix_now());
}

static void show(const twinlock::second_factor &auth, std::string_view typed)
{
    try {
        auto tokens = sign_in(auth, typed);
        std::cout << "Signed in.\n";
    } catch (const twinlock::refusal &refusal) {
        std::cout << refusal.what() << '\n';
        if (refusal.retry_after() > 0) std::cout << "Retry-After: " << refusal.retry_after() << '\n';
    } catch (const twinlock::fault &fault) {
        std::cerr << "second factor: " << fault.name() << ": " << fault.what() << '\n';
    }
}

static void show_status(const twinlock::second_factor &auth)
{
    auto status = auth.status("42");
    for (const auto &device : status.devices) std::cout << device.name << " (" << device.kind << ")\n";
    std::cout << status.backup_codes_left << " backup codes left\n";
    if (status.locked_until) std::cout << "locked until " << *status.locked_until << '\n';
}

static void rotate(const twinlock::engine &engine, twinlock::store &records, twinlock::store &states,
                   twinlock::proof proof)
{
    twinlock::sessions sessions(engine, records, states);
    auto tokens = sessions.begin(std::move(proof));
    tokens = sessions.rotate(tokens.refresh);
    sessions.end(tokens.refresh);
}

int main()
{
    auto engine = new_engine();
    database database;
    my_store store(database);
    twinlock::second_factor auth(engine, store);

    auto secret = enroll(auth);
    show(auth, "000000");
    show(auth, twinlock::totp_generate(secret, {}, twinlock::unix_now() + 30));
    show_status(auth);
    twinlock::memory_store states;
    rotate(engine, store, states, std::move(auth.begin_sign_in("43", {"pwd", twinlock::unix_now()}).proof));
    return 0;
}
