// A user's life with a second factor, in the terminal: enrollment with a QR code, sign-in, a code that was seen
// before, a backup code. The program plays the user and the authenticator app, too.
//
// With Twinlock installed see CMakeLists.txt; from its sources, after `cargo build --release -p twinlock-c`:
//
//     c++ -std=c++17 -I include examples/cpp/login.cpp target/release/libtwinlock.a -lpthread -ldl -lm -o login
//
// memory_store stands for your database: a class of yours with `load` and `save` (see `store` in twinlock.hpp).
#include <iostream>

#include <twinlock.hpp>

// What your configuration holds. Make the keys once and keep them as you keep a password.
static twinlock::engine new_engine()
{
    auto config = twinlock::config::create();
    config.set_text(TWINLOCK_OPT_ISSUER, "Acme");
    config.set_text(TWINLOCK_OPT_KEYS, twinlock::keyring_generate());
    return twinlock::engine::create(std::move(config));
}

// A signed-in user turns the second factor on. Gives what the app and the user keep.
static std::pair<twinlock::secret_string, twinlock::backup_codes> enroll(const twinlock::second_factor &auth,
                                                                         std::int64_t now)
{
    auto setup = auth.begin_enrollment("42", "alice@example.com", "Phone", now);
    std::cout << "Scan this with an authenticator app:\n" << twinlock::qr_terminal(setup.uri).view();
    auto code = twinlock::totp_generate(setup.secret, {}, now);
    auto enrolled = auth.confirm_enrollment("42", code, now);
    std::cout << "Write these down, they are shown once:\n";
    for (const auto &backup : enrolled.backup_codes) std::cout << "    " << backup.view() << '\n';
    return {std::move(setup.secret), std::move(enrolled.backup_codes)};
}

// The password was right: a challenge goes out and comes back with an answer, in requests of their own.
static void sign_in(const twinlock::second_factor &auth, twinlock::answer answer, std::int64_t now)
{
    try {
        auto login = auth.begin_sign_in("42", {"pwd", now}, now);
        auto proof = login.kind == twinlock::sign_in_kind::not_required
                         ? std::move(login.proof)
                         : auth.finish_sign_in(login.challenge, answer, now);
        auto tokens = auth.engine().mint(std::move(proof), {}, now);
        std::cout << "Signed in. The access token says: "
                  << auth.engine().verify(tokens.access, twinlock::token_kind::access, now) << '\n';
    } catch (const twinlock::refusal &refusal) {
        std::cout << "Refused, " << refusal.name() << ": " << refusal.what() << '\n';
        if (refusal.retry_after() > 0) std::cout << "Try again in " << refusal.retry_after() << " s.\n";
    }
}

static void show_status(const twinlock::second_factor &auth, std::int64_t now)
{
    auto status = auth.status("42", now);
    constexpr std::string_view member = "\"backup_codes_left\":";
    auto left = status.substr(status.find(member) + member.size());
    std::cout << "Backup codes left: " << left.substr(0, left.find_first_not_of("0123456789")) << '\n';
}

int main()
{
    try {
        auto engine = new_engine();
        twinlock::memory_store store;
        twinlock::second_factor auth(engine, store);
        std::int64_t now = twinlock::unix_now();
        auto [secret, backup_codes] = enroll(auth, now);

        now += 30;  // the app shows the next code
        auto code = twinlock::totp_generate(secret, {}, now);
        sign_in(auth, twinlock::answer::otp(code), now);
        sign_in(auth, twinlock::answer::otp(code), now);  // somebody looked over the user's shoulder
        sign_in(auth, twinlock::answer::any(backup_codes.front()), now);
        show_status(auth, now);
    } catch (const twinlock::fault &fault) {
        std::cerr << "fault " << fault.status() << ": " << fault.what() << '\n';
        return 1;
    }
    return 0;
}
