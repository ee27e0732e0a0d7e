// The program of docs/cpp.md without exceptions.
#include <cstdio>

#include <twinlock.hpp>

static void say(std::string_view text)
{
    std::printf("%.*s\n", static_cast<int>(text.size()), text.data());
}

static bool sign_in(const twinlock::second_factor &auth)
{
    auto login = auth.begin_sign_in("42", {"pwd", twinlock::unix_now()});
    if (!login) {
        say(login.error().message());
        return false;
    }
    auto tokens = auth.engine().mint(std::move(login->proof), {}, twinlock::unix_now());
    return tokens.has_value();
}

static twinlock::result<twinlock::engine> new_engine()
{
    auto keys = twinlock::keyring_generate();
    auto config = twinlock::config::create();
    if (!keys) return keys.error();
    if (!config) return config.error();
    if (auto set = config->set_text(TWINLOCK_OPT_ISSUER, "Acme"); !set) return set.error();
    if (auto set = config->set_text(TWINLOCK_OPT_KEYS, *keys); !set) return set.error();
    return twinlock::engine::create(*std::move(config));
}

int main()
{
    auto engine = new_engine();
    if (!engine) return 1;
    twinlock::memory_store store;
    if (!sign_in(twinlock::second_factor(*engine, store))) return 1;
    say("Signed in.");
    return 0;
}
