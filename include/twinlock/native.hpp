// The way into C, once for all calls: handles that free themselves, arguments as C takes them, buffers that grow.
//
// A call of twinlock.h is named with the arguments that C++ has: `call(twinlock_engine_status, engine, subject,
// record, now, …)`. Arguments that C does not take so do not compile.
#ifndef TWINLOCK_NATIVE_HPP
#define TWINLOCK_NATIVE_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <twinlock.h>
#include <twinlock/error.hpp>
#include <twinlock/input.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {
namespace detail {

// One handle, owned.
template <class T, void (*Free)(T *)>
class handle {
public:
    handle() noexcept = default;
    handle(handle &&other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}

    handle &operator=(handle &&other) noexcept
    {
        if (this != &other) {
            Free(raw_);
            raw_ = std::exchange(other.raw_, nullptr);
        }
        return *this;
    }

    handle(const handle &) = delete;
    handle &operator=(const handle &) = delete;
    ~handle() { Free(raw_); }

    T *get() const noexcept { return raw_; }
    explicit operator bool() const noexcept { return raw_ != nullptr; }

    // For a call that fills an empty handle, or one that consumes a full one.
    T **address() noexcept { return &raw_; }

private:
    T *raw_ = nullptr;
};

using config_handle = handle<twinlock_config, twinlock_config_free>;
using engine_handle = handle<twinlock_engine, twinlock_engine_free>;
using otpauth_handle = handle<twinlock_otpauth, twinlock_otpauth_free>;
using pending_handle = handle<twinlock_pending, twinlock_pending_free>;
using proof_handle = handle<twinlock_proof, twinlock_proof_free>;
using tokens_handle = handle<twinlock_tokens, twinlock_tokens_free>;

// ---------------------------------------------------------------------------------------------------------------
// Arguments

// One of our arguments as the arguments that C takes for it.
template <class T, std::enable_if_t<std::is_integral_v<T> || std::is_pointer_v<T>, int> = 0>
std::tuple<T> native(T value) noexcept
{
    return {value};
}

template <class Enum, std::enable_if_t<std::is_enum_v<Enum>, int> = 0>
std::tuple<std::int32_t> native(Enum value) noexcept
{
    return {static_cast<std::int32_t>(value)};
}

inline std::tuple<const char *, std::size_t> native(std::string_view text) noexcept
{
    return {text.data(), text.size()};
}

inline std::tuple<const std::uint8_t *, std::size_t> native(bytes_view bytes) noexcept
{
    return {bytes.data(), bytes.size()};
}

// Several one after the other.
template <class... Args>
auto natives(const Args &...args) noexcept
{
    return std::tuple_cat(native(args)...);
}

inline auto native(answer answer) noexcept { return natives(answer.kind(), answer.typed()); }
inline auto native(presented_challenge challenge) noexcept { return natives(challenge.token, challenge.binding); }
inline auto native(first_factor first) noexcept { return natives(first.methods, first.at, first.binding); }

inline auto native(otp_parameters otp) noexcept { return natives(otp.algorithm, otp.digits, otp.period); }

inline auto native(device_parameters device) noexcept
{
    return natives(device.kind, device.algorithm, device.digits, device.period);
}

inline auto native(imported_device device) noexcept
{
    return natives(device.name, device.secret, device.kind, device.algorithm, device.digits, device.period,
                   device.counter, device.last_step);
}

// Calls C. Numbers must have the very type that C takes: none is cut short on the way.
template <class... Params, class... Args>
std::int32_t call(std::int32_t (*function)(Params...), const Args &...args)
{
    auto taken = std::tuple_cat(native(args)...);
    static_assert(std::is_same_v<decltype(taken), std::tuple<Params...>>, "not the arguments of this C function");
    return std::apply(function, taken);
}

// A call with nothing to give.
template <class Function, class... Args>
result<void> done(Function *function, const Args &...args)
{
    return failure(call(function, args...));
}

// ---------------------------------------------------------------------------------------------------------------
// Buffers

// Room for most answers, so that one call is enough.
constexpr std::size_t text_room = 256;
constexpr std::size_t token_room = 1024;
constexpr std::size_t page_room = 16384;

// A buffer that `fill(data, room)` filled and whose size it gave.
template <class Buffer, class Fill>
Buffer filled(std::size_t room, Fill fill)
{
    if constexpr (std::is_same_v<Buffer, secret_string>) {
        return secret_string::filled(secret_string::room{room}, fill);
    } else {
        Buffer buffer(room, 0);
        buffer.resize(fill(buffer.data(), room));
        return buffer;
    }
}

// Calls `write(out, capacity, &length)`, again where the room was too small. What was secret is wiped on the way.
template <class Buffer, class Write>
result<Buffer> written(std::size_t room, Write write)
{
    for (;;) {
        std::size_t length = 0;
        std::int32_t status = TWINLOCK_OK;
        auto buffer = filled<Buffer>(room, [&](auto *out, std::size_t capacity) {
            status = write(out, capacity, &length);
            return status == TWINLOCK_OK ? length : 0;
        });
        if (status == TWINLOCK_OK) return buffer;
        if (status != TWINLOCK_E_BUFFER_TOO_SMALL || length <= room) return failure(status);
        room = length;
    }
}

// What a call writes whose last arguments are a buffer, its capacity and its length.
template <class Buffer, class Function, class... Args>
result<Buffer> output(std::size_t room, Function *function, const Args &...args)
{
    return written<Buffer>(room, [&](auto *out, std::size_t capacity, std::size_t *length) {
        return call(function, args..., out, capacity, length);
    });
}

// The words of a text that are separated by spaces.
inline result<std::vector<std::string>> words(result<std::string> text)
{
    if (!text) return text.error();
    std::vector<std::string> words;
    for (std::string_view rest = *text; !rest.empty();) {
        std::size_t end = rest.find(' ');
        words.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    }
    return words;
}

}  // namespace detail
}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_NATIVE_HPP
