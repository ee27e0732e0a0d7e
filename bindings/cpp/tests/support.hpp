// What the C++ tests share: checks that name their line, an engine, an authenticator, both ways to report errors.
#ifndef TWINLOCK_TEST_SUPPORT_HPP
#define TWINLOCK_TEST_SUPPORT_HPP

#include <cstdio>
#include <cstdlib>
#include <twinlock.hpp>

namespace tl = twinlock;

constexpr std::int64_t NOW = 1800000000;
constexpr const char *KEY = "tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
constexpr const char *NEW_KEY = "tlk1_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";

#define CHECK(...) check(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)
// The call ends with the status.
#define EXPECT(wanted, ...) \
    check_status((wanted), outcome([&] { return __VA_ARGS__; }).status(), #__VA_ARGS__, __FILE__, __LINE__)

inline void check(bool holds, const char *what, const char *file, int line)
{
    if (holds) return;
    std::fprintf(stderr, "%s:%d: %s\n", file, line, what);
    std::exit(1);
}

inline void check_status(std::int32_t wanted, std::int32_t got, const char *what, const char *file, int line)
{
    if (got == wanted) return;
    std::fprintf(stderr, "%s:%d: %s: %d, not %d\n", file, line, what, static_cast<int>(got), static_cast<int>(wanted));
    std::exit(1);
}

#ifdef TWINLOCK_NO_EXCEPTIONS

template <class T>
T must(tl::result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().message().c_str());
        std::exit(1);
    }
    return *std::move(result);
}

// What a call ends with.
template <class Call>
tl::failure outcome(Call call)
{
    return call().error();
}

#else

template <class T>
T must(T value)
{
    return value;
}

// What a call ends with.
template <class Call>
tl::failure outcome(Call call)
{
    try {
        static_cast<void>(call());
    } catch (const tl::refusal &refusal) {
        return tl::failure(refusal.status(), refusal.retry_after());
    } catch (const tl::fault &fault) {
        return tl::failure(fault.status());
    }
    return tl::failure(TWINLOCK_OK);
}

#endif

inline tl::config new_config(std::string_view keys = KEY)
{
    auto config = must(tl::config::create());
    EXPECT(TWINLOCK_OK, config.set_text(TWINLOCK_OPT_ISSUER, "Acme"));
    EXPECT(TWINLOCK_OK, config.set_text(TWINLOCK_OPT_KEYS, keys));
    return config;
}

inline tl::engine new_engine(std::string_view keys = KEY)
{
    return must(tl::engine::create(new_config(keys)));
}

// A store whose writes are lost a number of times, as to somebody faster.
class losing_store : public tl::memory_store {
public:
    int losses = 0;
    int pauses = 0;

    tl::returns<bool> save(std::string_view subject, tl::bytes_view record, std::uint64_t expected) override
    {
        if (losses > 0) return losses--, false;
        return memory_store::save(subject, record, expected);
    }

    void pause(std::chrono::microseconds) override { pauses++; }
};

inline tl::secret_string code_at(std::string_view secret, std::int64_t now)
{
    return must(tl::totp_generate(secret, {}, now));
}

inline bool has(std::string_view text, std::string_view part)
{
    return text.find(part) != text.npos;
}

// Enrolls and confirms at `now`; gives the secret.
inline tl::secret_string enroll(const tl::second_factor &auth, std::int64_t now)
{
    auto setup = must(auth.begin_enrollment("42", "alice", {}, now));
    auto enrolled = must(auth.confirm_enrollment("42", code_at(setup.secret, now), now));
    CHECK(enrolled.proof && enrolled.device_id == setup.device_id);
    return std::move(setup.secret);
}

// Signs in with a code of the device at `now`.
inline tl::proof sign_in(const tl::second_factor &auth, std::string_view secret, std::int64_t now)
{
    auto login = must(auth.begin_sign_in("42", {"pwd", now}, now));
    CHECK(login.kind == tl::sign_in_kind::challenge && !login.proof);
    return must(auth.finish_sign_in(login.challenge, tl::answer::otp(code_at(secret, now)), now));
}

// A proof of a subject without a second factor.
inline tl::proof proof_of(const tl::engine &engine)
{
    auto login = must(must(engine.begin_sign_in("42", {}, {"pwd", NOW}, NOW)).commit(0));
    CHECK(login.kind == tl::sign_in_kind::not_required);
    return std::move(login.proof);
}

#endif
