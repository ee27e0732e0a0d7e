// Codes without an engine: by time (RFC 6238), by counter (RFC 4226) and Steam's. Keeping what was used is yours.
#ifndef TWINLOCK_OTP_HPP
#define TWINLOCK_OTP_HPP

#include <cstdint>
#include <optional>
#include <string_view>

#include <twinlock.h>
#include <twinlock/error.hpp>
#include <twinlock/input.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/native.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

// A new shared secret in base32, as devices and URIs take it.
inline returns<secret_string> secret_generate()
{
    return detail::give(detail::output<secret_string>(detail::token_room, twinlock_secret_generate));
}

// Bytes as a shared secret in base32.
inline returns<secret_string> secret_from_bytes(bytes_view secret)
{
    return detail::give(detail::output<secret_string>(detail::token_room, twinlock_secret_from_bytes, secret));
}

inline returns<secret_string> totp_generate(std::string_view secret, otp_parameters parameters, std::int64_t now)
{
    return detail::give(
        detail::output<secret_string>(detail::token_room, twinlock_totp_generate, secret, parameters, now));
}

namespace detail {

// Where a call found a code; nothing where it is wrong.
template <class Function, class... Args>
returns<std::optional<std::uint64_t>> found(Function *function, const Args &...args)
{
    using place = std::optional<std::uint64_t>;
    std::uint64_t at = 0;
    std::int32_t status = call(function, args..., &at);
    if (status == TWINLOCK_R_WRONG_CODE) return give(result<place>(place()));
    if (status != TWINLOCK_OK) return give(result<place>(failure(status)));
    return give(result<place>(place(at)));
}

}  // namespace detail

// The step that a code belongs to, or nothing where it is wrong. Keep that number and refuse the same or a lower
// one from then on: without that, a code can be used twice.
inline returns<std::optional<std::uint64_t>> totp_verify(std::string_view secret, otp_parameters parameters,
                                                         std::string_view code, std::uint32_t window,
                                                         std::int64_t now)
{
    return detail::found(twinlock_totp_verify, secret, parameters, code, window, now);
}

inline returns<secret_string> hotp_generate(std::string_view secret, otp_parameters parameters, std::uint64_t counter)
{
    return detail::give(detail::output<secret_string>(detail::token_room, twinlock_hotp_generate, secret,
                                                      parameters.algorithm, parameters.digits, counter));
}

// The counter that a code belongs to, or nothing where it is wrong. Keep one more as the next to expect.
inline returns<std::optional<std::uint64_t>> hotp_verify(std::string_view secret, otp_parameters parameters,
                                                         std::string_view code, std::uint64_t counter,
                                                         std::uint32_t look_ahead)
{
    return detail::found(twinlock_hotp_verify, secret, parameters.algorithm, parameters.digits, code, counter,
                         look_ahead);
}

// The counter of the second of two codes in a row, or nothing. Keep one more as the next to expect.
inline returns<std::optional<std::uint64_t>> hotp_resync(std::string_view secret, otp_parameters parameters,
                                                         std::string_view first, std::string_view second,
                                                         std::uint64_t counter, std::uint32_t window)
{
    return detail::found(twinlock_hotp_resync, secret, parameters.algorithm, parameters.digits, first, second, counter,
                         window);
}

inline returns<secret_string> steam_generate(std::string_view secret, std::int64_t now)
{
    return detail::give(detail::output<secret_string>(detail::token_room, twinlock_steam_generate, secret, now));
}

// As totp_verify.
inline returns<std::optional<std::uint64_t>> steam_verify(std::string_view secret, std::string_view code,
                                                          std::uint32_t window, std::int64_t now)
{
    return detail::found(twinlock_steam_verify, secret, code, window, now);
}

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_OTP_HPP
