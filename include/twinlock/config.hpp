// What an engine is made of: options, a key ring, the version of the library.
#ifndef TWINLOCK_CONFIG_HPP
#define TWINLOCK_CONFIG_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <twinlock.h>
#include <twinlock/error.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/native.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

// Options on their way to an engine, TWINLOCK_OPT_*.
class config {
public:
    static returns<config> create()
    {
        config made;
        auto done = detail::done(twinlock_config_new, made.handle_.address());
        if (!done) return detail::give(result<config>(done.error()));
        return detail::give(result<config>(std::move(made)));
    }

    explicit operator bool() const noexcept { return static_cast<bool>(handle_); }

    returns<void> set_text(std::int32_t option, std::string_view value)
    {
        return detail::give(detail::done(twinlock_config_set_text, handle_.get(), option, value));
    }

    returns<void> set_bytes(std::int32_t option, bytes_view value)
    {
        return detail::give(detail::done(twinlock_config_set_bytes, handle_.get(), option, value));
    }

    returns<void> set_int(std::int32_t option, std::int64_t value)
    {
        return detail::give(detail::done(twinlock_config_set_int, handle_.get(), option, value));
    }

    // For the call that consumes it.
    detail::config_handle &handle() noexcept { return handle_; }

private:
    config() = default;

    detail::config_handle handle_;
};

// The version of the library's interface that is loaded; compare it with TWINLOCK_ABI_VERSION.
inline std::int32_t abi_version() noexcept { return twinlock_abi_version(); }

// The version of the library that is loaded; TWINLOCK_VERSION is the header's.
inline returns<std::string> version()
{
    return detail::give(detail::output<std::string>(detail::text_room, twinlock_version));
}

// A new key ring of one random key, as TWINLOCK_OPT_KEYS takes it.
inline returns<secret_string> keyring_generate()
{
    return detail::give(detail::output<secret_string>(detail::text_room, twinlock_keyring_generate));
}

// Checks the text of a key ring and gives the ids of its keys, the first key's first.
inline returns<std::vector<std::string>> keyring_ids(std::string_view keys)
{
    return detail::give(detail::words(detail::output<std::string>(detail::text_room, twinlock_keyring_ids, keys)));
}

// Whether a text can be a subject: 1 to 255 bytes of UTF-8 without control characters.
inline returns<void> subject_check(std::string_view subject)
{
    return detail::give(detail::done(twinlock_subject_check, subject));
}

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_CONFIG_HPP
