// What calls are given beside texts: kinds, answers, challenges, devices, the time.
#ifndef TWINLOCK_INPUT_HPP
#define TWINLOCK_INPUT_HPP

#include <chrono>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <twinlock.h>
#include <twinlock/mode.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

// The hash of a device. `policy` takes the engine's, where a call says so.
enum class algorithm : std::int32_t {
    policy = 0,
    sha1 = TWINLOCK_ALGORITHM_SHA1,
    sha256 = TWINLOCK_ALGORITHM_SHA256,
    sha512 = TWINLOCK_ALGORITHM_SHA512
};

enum class device_kind : std::int32_t {
    totp = TWINLOCK_DEVICE_TOTP,
    hotp = TWINLOCK_DEVICE_HOTP,
    steam = TWINLOCK_DEVICE_STEAM
};

enum class token_kind : std::int32_t {
    access = TWINLOCK_TOKEN_ACCESS,
    refresh = TWINLOCK_TOKEN_REFRESH,
    sliding = TWINLOCK_TOKEN_SLIDING
};

// What comes after the first factor.
enum class sign_in_kind : std::int32_t {
    not_required = TWINLOCK_SIGN_IN_NOT_REQUIRED,
    challenge = TWINLOCK_SIGN_IN_CHALLENGE,
    send = TWINLOCK_SIGN_IN_SEND,
    trusted = TWINLOCK_SIGN_IN_TRUSTED,
    enroll_only = TWINLOCK_SIGN_IN_ENROLL_ONLY
};

// What a right answer to a challenge gives.
enum class challenge_gives : std::int32_t {
    sign_in = TWINLOCK_GIVES_SIGN_IN,
    enrollment = TWINLOCK_GIVES_ENROLLMENT
};

// What a user typed, or the token that takes its place. It refers to your text.
class answer {
public:
    static answer none() noexcept { return {TWINLOCK_ANSWER_NONE, {}}; }
    static answer otp(std::string_view typed) noexcept { return {TWINLOCK_ANSWER_OTP, typed}; }
    static answer backup(std::string_view typed) noexcept { return {TWINLOCK_ANSWER_BACKUP, typed}; }
    static answer any(std::string_view typed) noexcept { return {TWINLOCK_ANSWER_ANY, typed}; }
    static answer sent(std::string_view typed) noexcept { return {TWINLOCK_ANSWER_SENT, typed}; }
    static answer step_up(std::string_view access) noexcept { return {TWINLOCK_ANSWER_STEP_UP, access}; }

    std::int32_t kind() const noexcept { return kind_; }
    std::string_view typed() const noexcept { return typed_; }

private:
    answer(std::int32_t kind, std::string_view typed) noexcept : kind_(kind), typed_(typed) {}

    std::int32_t kind_;
    std::string_view typed_;
};

// A challenge that came back, and the binding that begin_sign_in was given, computed anew. It refers to your texts.
struct presented_challenge {
    template <class Text, class = std::enable_if_t<std::is_convertible_v<const Text &, std::string_view>>>
    presented_challenge(const Text &came_back, std::string_view bound_to = {}) : token(came_back), binding(bound_to)
    {
    }

    std::string_view token;
    std::string_view binding;
};

// How the first factor was checked: `methods` are 1 to 8 names of RFC 8176 separated by spaces, `at` is when.
struct first_factor {
    std::string_view methods;
    std::int64_t at;
    std::string_view binding = {};
};

// A new device. 0 takes the policy's number; what the kind does not have is not looked at.
struct device_parameters {
    device_kind kind = device_kind::totp;
    twinlock::algorithm algorithm = twinlock::algorithm::policy;
    std::uint32_t digits = 0;
    std::uint32_t period = 0;
};

// A device that exists elsewhere. `last_step` is the last step that the other system accepted; -1 where it is not
// known.
struct imported_device {
    std::string_view name;
    std::string_view secret;
    device_kind kind = device_kind::totp;
    twinlock::algorithm algorithm = twinlock::algorithm::sha1;
    std::uint32_t digits = 6;
    std::uint32_t period = 30;
    std::uint64_t counter = 0;
    std::int64_t last_step = -1;
};

// How codes are made, where no engine says it.
struct otp_parameters {
    twinlock::algorithm algorithm = twinlock::algorithm::sha1;
    std::uint32_t digits = 6;
    std::uint32_t period = 30;
};

// The time as every call takes it: Unix seconds.
inline std::int64_t unix_now()
{
    auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_INPUT_HPP
