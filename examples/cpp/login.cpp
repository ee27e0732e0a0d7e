// A second factor in the terminal: turn it on with a QR code, sign in with an app or a backup code, see how it stands.
//
// With Twinlock installed see CMakeLists.txt; from its sources, after `cargo build --release -p twinlock-c`:
//
//     c++ -std=c++17 -I include examples/cpp/login.cpp target/release/libtwinlock.a -lpthread -ldl -lm -o login
//     export TWINLOCK_KEYS=$(./login keygen)
//     ./login enroll alice
//     ./login sign-in alice
//
// Your program has passwords and sessions of its own; this one takes the password as right.
#include <cstdlib>
#include <functional>
#include <iostream>

#include "file_store.hpp"

namespace tl = twinlock;

constexpr std::string_view USAGE = R"(A second factor in the terminal.

  login keygen              print a new key; keep it as you keep a password
  login enroll USER         turn the second factor on
  login sign-in USER        sign in with a code of the app, or with a backup code
  login backup-codes USER   make new backup codes; the old ones end
  login status USER         show how it stands
  login off USER            turn the second factor off

TWINLOCK_KEYS    the key, from `login keygen`
TWINLOCK_FOLDER  where the users are kept; ./twinlock-users where it is not set
)";

static std::string setting(const char *name, const char *otherwise)
{
    const char *value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : otherwise;
}

// A line that the user types; nothing where there is no more.
static tl::secret_string asked(std::string_view question)
{
    std::cout << question << std::flush;
    std::string line;
    std::getline(std::cin, line);
    tl::secret_string typed(line);
    tl::wipe(line);
    return typed;
}

static void show_refusal(const tl::refusal &refusal)
{
    std::cout << refusal.what() << " [" << refusal.name() << "]\n";
    if (refusal.retry_after() > 0) std::cout << "Try again in " << refusal.retry_after() << " s.\n";
}

// Asks until the answer is right or asking again is of no use. Says whether it was right.
static bool answered(std::string_view question, const std::function<void(std::string_view)> &check)
{
    for (;;) {
        auto typed = asked(question);
        if (typed.empty()) return std::cout << "\nGiven up.\n", false;
        try {
            return check(typed), true;
        } catch (const tl::refusal &refusal) {
            show_refusal(refusal);
            bool again = refusal.status() == TWINLOCK_R_WRONG_CODE || refusal.status() == TWINLOCK_R_REPLAYED;
            if (!again) return false;
        }
    }
}

static void show_backup_codes(const tl::backup_codes &codes)
{
    std::cout << "\nBackup codes, for when the phone is lost. They are shown once:\n\n";
    for (const auto &code : codes) std::cout << "    " << code.view() << '\n';
}

static bool enroll(const tl::second_factor &auth, const std::string &user)
{
    auto setup = auth.begin_enrollment(user, user);
    std::cout << "Scan this with an authenticator app:\n\n"
              << tl::qr_terminal(setup.uri).view() << "\nor type it in there: " << setup.secret.view() << "\n\n";
    return answered("The code that the app shows: ", [&](std::string_view typed) {
        auto enrolled = auth.confirm_enrollment(user, typed);
        show_backup_codes(enrolled.backup_codes);
        std::cout << "\nThe second factor is on.\n";
    });
}

static bool show_tokens(const tl::second_factor &auth, tl::proof proof)
{
    auto method = proof.method().value_or("no second factor");
    auto tokens = auth.engine().mint(std::move(proof), {}, tl::unix_now());
    std::cout << "Signed in, with " << method << ". The access token of " << tokens.access.size()
              << " characters ends in " << tokens.access_expires_at - tl::unix_now() << " s.\n";
    return true;
}

// In a server the two halves are two requests; the challenge travels between them.
static bool sign_in(const tl::second_factor &auth, const std::string &user)
{
    auto login = auth.begin_sign_in(user, {"pwd", tl::unix_now()});
    if (login.proof) return show_tokens(auth, std::move(login.proof));
    return answered("Code of the app, or a backup code: ", [&](std::string_view typed) {
        show_tokens(auth, auth.finish_sign_in(login.challenge, tl::answer::any(typed)));
    });
}

static bool new_backup_codes(const tl::second_factor &auth, const std::string &user)
{
    return answered("Code of the app, or a backup code: ", [&](std::string_view typed) {
        show_backup_codes(auth.regenerate_backup_codes(user, tl::answer::any(typed)));
    });
}

static bool turn_off(const tl::second_factor &auth, const std::string &user)
{
    return answered("Code of the app, or a backup code: ", [&](std::string_view typed) {
        auth.disable(user, tl::answer::any(typed));
        std::cout << "The second factor is off.\n";
    });
}

static bool show_status(const tl::second_factor &auth, const std::string &user)
{
    auto status = auth.status(user);
    std::cout << "Second factor: " << (status.enabled ? "on" : "off") << '\n';
    if (!status.enabled) return true;
    for (const auto &device : status.devices)
        std::cout << "Device: " << (device.name.empty() ? "without a name" : device.name) << ", " << device.kind << '\n';
    std::cout << "Backup codes left: " << status.backup_codes_left << " of " << status.backup_codes_total << '\n';
    if (status.locked_until) std::cout << "Locked for " << *status.locked_until - tl::unix_now() << " s.\n";
    return true;
}

static tl::engine new_engine(const std::string &keys)
{
    auto config = tl::config::create();
    config.set_text(TWINLOCK_OPT_ISSUER, "Twinlock example");
    config.set_text(TWINLOCK_OPT_KEYS, keys);
    return tl::engine::create(std::move(config));
}

static int run(const std::string &command, const std::string &user)
{
    const std::map<std::string, bool (*)(const tl::second_factor &, const std::string &)> commands = {
        {"enroll", enroll}, {"sign-in", sign_in}, {"backup-codes", new_backup_codes},
        {"status", show_status}, {"off", turn_off},
    };
    auto found = commands.find(command);
    if (found == commands.end()) return std::cerr << "No such command: " << command << "\n\n" << USAGE, 2;
    auto keys = setting("TWINLOCK_KEYS", "");
    if (keys.empty()) return std::cerr << "TWINLOCK_KEYS is not set. Make a key: login keygen\n", 2;
    auto engine = new_engine(keys);
    file_store store(setting("TWINLOCK_FOLDER", "twinlock-users"));
    return found->second(tl::second_factor(engine, store), user) ? 0 : 1;
}

int main(int count, char **words)
{
    std::vector<std::string> arguments(words + 1, words + count);
    try {
        if (arguments.size() == 2) return run(arguments[0], arguments[1]);
        std::string alone = arguments.size() == 1 ? arguments[0] : "";
        if (alone == "keygen") return std::cout << tl::keyring_generate().view() << '\n', 0;
        bool help = alone == "--help" || alone == "-h";
        return (help ? std::cout : std::cerr) << USAGE, help ? 0 : 2;
    } catch (const tl::refusal &refusal) {
        show_refusal(refusal);
    } catch (const tl::fault &fault) {
        std::cerr << "fault " << fault.name() << ": " << fault.what() << '\n';
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
    }
    return 1;
}
