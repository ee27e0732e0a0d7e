// How the second factor of a subject stands. Nothing secret is in it; times are Unix seconds.
#ifndef TWINLOCK_STATUS_HPP
#define TWINLOCK_STATUS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <twinlock/error.hpp>
#include <twinlock/json.hpp>
#include <twinlock/mode.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

// One authenticator.
struct device {
    std::string id;
    // `totp`, `hotp` or `steam`; a newer library may know more.
    std::string kind;
    std::string name;
    std::string algorithm;
    std::uint32_t digits = 0;
    // In seconds; nothing where codes are counted.
    std::optional<std::uint32_t> period;
    std::int64_t created_at = 0;
    std::int64_t last_used_at = 0;
};

// A device on which sign-in needs no second factor.
struct trusted_device {
    std::string id;
    std::string name;
    std::int64_t created_at = 0;
    std::int64_t last_used_at = 0;
    std::int64_t expires_at = 0;
};

// The state of a subject's second factor.
struct status {
    // Whether sign-in asks for a second factor.
    bool enabled = false;
    // Until when an enrollment waits for its code.
    std::optional<std::int64_t> pending_until;
    std::vector<device> devices;
    // How the subject wants to be asked: `otp`, `sent` or `off`; nothing where it did not choose.
    std::optional<std::string> preference;
    std::vector<trusted_device> trusted_devices;
    std::uint32_t backup_codes_left = 0;
    std::uint32_t backup_codes_total = 0;
    // Until when no answer is judged.
    std::optional<std::int64_t> locked_until;
    // Whether the factor is blocked until it is unlocked.
    bool disabled = false;
    std::uint32_t failures_in_a_row = 0;
    std::uint32_t failures_today = 0;
    // What challenges and tokens have to agree with; 0 where there is no record.
    std::int64_t epoch = 0;
};

namespace detail {

// The members as twinlock_engine_status names them.
inline void fill(json_reader &from, device &device)
{
    from.member("id", device.id);
    from.member("kind", device.kind);
    from.member("name", device.name);
    from.member("algorithm", device.algorithm);
    from.member("digits", device.digits);
    from.member("period", device.period);
    from.member("created_at", device.created_at);
    from.member("last_used_at", device.last_used_at);
}

inline void fill(json_reader &from, trusted_device &device)
{
    from.member("id", device.id);
    from.member("name", device.name);
    from.member("created_at", device.created_at);
    from.member("last_used_at", device.last_used_at);
    from.member("expires_at", device.expires_at);
}

inline void fill(json_reader &from, status &status)
{
    from.member("enabled", status.enabled);
    from.member("pending_until", status.pending_until);
    from.member("devices", status.devices);
    from.member("preference", status.preference);
    from.member("trusted_devices", status.trusted_devices);
    from.member("backup_codes_left", status.backup_codes_left);
    from.member("backup_codes_total", status.backup_codes_total);
    from.member("locked_until", status.locked_until);
    from.member("disabled", status.disabled);
    from.member("failures_in_a_row", status.failures_in_a_row);
    from.member("failures_today", status.failures_today);
    from.member("epoch", status.epoch);
}

// Room for the status of a subject with a few devices.
constexpr std::size_t status_room = 1024;

// A text that is no status comes from a library that does not belong to this header.
inline result<status> status_of(std::string_view told)
{
    json_reader from(told);
    status status;
    from.value(status);
    if (!from.finished()) return failure(TWINLOCK_E_FIELD_UNKNOWN);
    return status;
}

}  // namespace detail
}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_STATUS_HPP
