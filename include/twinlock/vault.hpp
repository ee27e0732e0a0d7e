// Small secrets of your own, sealed for a subject.
#ifndef TWINLOCK_VAULT_HPP
#define TWINLOCK_VAULT_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <twinlock.h>
#include <twinlock/engine.hpp>
#include <twinlock/error.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/native.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

namespace detail {

// An envelope is no longer than this beyond what is in it; where that should change, the call is made twice.
constexpr std::size_t envelope_overhead = 64;

}  // namespace detail

// Seals a secret with the first key of the engine's ring. It opens for the same subject only.
inline returns<bytes> vault_seal(const engine &engine, std::string_view subject, std::string_view secret)
{
    return detail::give(detail::output<bytes>(secret.size() + detail::envelope_overhead, twinlock_vault_seal,
                                              engine.get(), subject, detail::octets(secret)));
}

inline returns<secret_string> vault_open(const engine &engine, std::string_view subject, bytes_view envelope)
{
    return detail::give(detail::written<secret_string>(
        envelope.size(), [&](char *out, std::size_t capacity, std::size_t *length) {
            return detail::call(twinlock_vault_open, engine.get(), subject, envelope,
                                reinterpret_cast<std::uint8_t *>(out), capacity, length);
        }));
}

// Empty where the envelope needs no other key already.
inline returns<bytes> vault_reseal(const engine &engine, std::string_view subject, bytes_view envelope)
{
    return detail::give(detail::output<bytes>(envelope.size() + detail::envelope_overhead, twinlock_vault_reseal,
                                              engine.get(), subject, envelope));
}

// The id of the key that opens an envelope.
inline returns<std::string> vault_key_id(bytes_view envelope)
{
    return detail::give(detail::output<std::string>(detail::text_room, twinlock_vault_key_id, envelope));
}

// An envelope as text, for where bytes cannot be stored.
inline returns<std::string> vault_to_text(bytes_view envelope)
{
    return detail::give(detail::output<std::string>(detail::text_room, twinlock_vault_to_text, envelope));
}

inline returns<bytes> vault_from_text(std::string_view envelope)
{
    return detail::give(detail::output<bytes>(detail::text_room, twinlock_vault_from_text, envelope));
}

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_VAULT_HPP
