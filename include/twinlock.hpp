// twinlock.hpp - the second-factor engine of twinlock.h for C++17 and newer
//
// Header only; link with the C library. Names are those of twinlock.h, in namespace twinlock, and so is what they
// mean: twinlock.h says for each call what it does and what it refuses. The differences:
//
// HANDLES are objects that free themselves. They move and do not copy. A moved-from object is empty: it converts
// to false, and a call with it is the fault TWINLOCK_E_NULL_POINTER.
//
// INPUT is std::string_view and bytes_view, read during the call alone. OUTPUT is std::string, std::vector and
// plain structs. Secrets, backup codes, codes and tokens come as secret_string, which wipes itself.
//
// ERRORS are exceptions: `refusal`, an answer to the user, and `fault`, a mistake of the program or the deployment;
// `commit_lost` is a fault. With TWINLOCK_NO_EXCEPTIONS defined before the header is included, every call that can
// fail gives a `result<T>` instead: true where there is a value, else error() says what is wrong. In this header
// both are written `returns<T>`. Both kinds of translation units can be linked into one program.
//
// VERDICTS: a call that changes a record gives a `pending<T>`. Store its record() by a conditional write in a
// transaction of its own, and commit() with the number of rows changed gives the T. `second_factor` does that for
// you over a `store`.
//
// THREADS: an engine, and a second_factor whose store is safe for threads, may be used by any number of threads at
// once. Any other object belongs to one thread at a time.

#ifndef TWINLOCK_HPP
#define TWINLOCK_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <twinlock.h>

// A text or bytes as the two arguments that C takes.
#define TWINLOCK_HPP_IN(input) (input).data(), (input).size()

namespace twinlock {

// The two ways to report errors have names of their own for the linker.
#ifdef TWINLOCK_NO_EXCEPTIONS
inline namespace without_exceptions {
#else
inline namespace with_exceptions {
#endif

// ---------------------------------------------------------------------------------------------------------------
// Texts and bytes

// Sealed records and envelopes.
using bytes = std::vector<std::uint8_t>;

// Bytes of somebody else's, as std::string_view is text: a vector, an array, a span, a pointer with a size.
class bytes_view {
public:
    constexpr bytes_view() noexcept = default;
    constexpr bytes_view(const std::uint8_t *data, std::size_t size) noexcept : data_(data), size_(size) {}

    template <class Container,
              class = std::enable_if_t<std::is_convertible_v<decltype(std::declval<const Container &>().data()),
                                                             const std::uint8_t *>>>
    constexpr bytes_view(const Container &container) noexcept : data_(container.data()), size_(container.size())
    {
    }

    constexpr const std::uint8_t *data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr bool empty() const noexcept { return size_ == 0; }

private:
    const std::uint8_t *data_ = nullptr;
    std::size_t size_ = 0;
};

// Overwrites memory with zeros, in a way that no compiler leaves out.
inline void wipe(void *data, std::size_t size) noexcept { twinlock_wipe(data, size); }

// Wipes a string of yours, and empties it.
inline void wipe(std::string &text) noexcept
{
    text.resize(text.capacity());
    twinlock_wipe(text.data(), text.size());
    text.clear();
}

// A secret text: it moves and does not copy, and its memory is wiped before it is freed. It has no operator to
// print or compare it; view() is for handing it on.
class secret_string {
public:
    secret_string() noexcept = default;

    explicit secret_string(std::string_view text) : secret_string(room{text.size()})
    {
        if (!text.empty()) std::memcpy(data_, text.data(), text.size());
        size_ = text.size();
    }

    secret_string(secret_string &&other) noexcept { swap(other); }

    secret_string &operator=(secret_string &&other) noexcept
    {
        secret_string taken(std::move(other));
        swap(taken);
        return *this;
    }

    secret_string(const secret_string &) = delete;
    secret_string &operator=(const secret_string &) = delete;
    ~secret_string() { wipe(); }

    std::string_view view() const noexcept { return {data_, size_}; }
    operator std::string_view() const noexcept { return view(); }
    const char *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }

    // Wipes and frees the memory. The string is empty then.
    void wipe() noexcept
    {
        twinlock_wipe(data_, capacity_);
        delete[] data_;
        data_ = nullptr;
        size_ = capacity_ = 0;
    }

    void swap(secret_string &other) noexcept
    {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
    }

    // How much memory to have.
    struct room {
        std::size_t capacity;
    };

    // An empty string with memory to be filled by `fill(char *, capacity)`, which gives the size, at most the
    // capacity.
    template <class Fill>
    static secret_string filled(room room, Fill fill)
    {
        secret_string text(room);
        std::size_t size = fill(text.data_, text.capacity_);
        text.size_ = size <= text.capacity_ ? size : text.capacity_;
        return text;
    }

private:
    explicit secret_string(room room) : data_(new char[room.capacity]), capacity_(room.capacity) {}

    char *data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

// ---------------------------------------------------------------------------------------------------------------
// Errors

// Why a call gave no value: a status of twinlock.h, and for some refusals the seconds to wait.
class failure {
public:
    explicit failure(std::int32_t status, std::int64_t retry_after = 0) noexcept
        : status_(status), retry_after_(retry_after)
    {
    }

    // TWINLOCK_R_* or TWINLOCK_E_*.
    std::int32_t status() const noexcept { return status_; }
    // Seconds to wait before the next attempt; 0 where there is nothing to wait for.
    std::int64_t retry_after() const noexcept { return retry_after_; }
    // Whether this is an answer to the user. Otherwise it is a fault of the program or the deployment.
    bool is_refusal() const noexcept { return status_ > 0; }
    // The stable machine-readable name, such as `wrong_code`.
    std::string name() const { return described(twinlock_status_name); }
    // One English sentence. It never holds a secret, a code, a token or user input.
    std::string message() const { return described(twinlock_status_message); }

private:
    std::string described(std::int32_t (*describe)(std::int32_t, char *, std::size_t, std::size_t *)) const
    {
        char text[256];
        std::size_t length = 0;
        if (describe(status_, text, sizeof text, &length) != TWINLOCK_OK) return "unknown status";
        return std::string(text, length);
    }

    std::int32_t status_;
    std::int64_t retry_after_;
};

// A value or a failure. To look at the value where there is none ends the program.
template <class T>
class [[nodiscard]] result {
public:
    result(T value) : value_(std::move(value)) {}
    result(failure failure) noexcept : failure_(failure) {}

    explicit operator bool() const noexcept { return value_.has_value(); }
    bool has_value() const noexcept { return value_.has_value(); }

    T &value() & { return there(), *value_; }
    const T &value() const & { return there(), *value_; }
    T &&value() && { return there(), *std::move(value_); }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T &&operator*() && { return std::move(*this).value(); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }

    // What is wrong; status TWINLOCK_OK where there is a value.
    const failure &error() const noexcept { return failure_; }

private:
    void there() const noexcept
    {
        if (!value_) std::abort();
    }

    std::optional<T> value_;
    failure failure_{TWINLOCK_OK};
};

// Success or a failure.
template <>
class [[nodiscard]] result<void> {
public:
    result() noexcept = default;
    result(failure failure) noexcept : failure_(failure) {}

    explicit operator bool() const noexcept { return has_value(); }
    bool has_value() const noexcept { return failure_.status() == TWINLOCK_OK; }
    const failure &error() const noexcept { return failure_; }

private:
    failure failure_{TWINLOCK_OK};
};

#ifdef TWINLOCK_NO_EXCEPTIONS

// What a call that can fail gives.
template <class T>
using returns = result<T>;

namespace detail {

template <class T>
returns<T> give(result<T> result)
{
    return result;
}

template <class T>
result<T> take(returns<T> result)
{
    return result;
}

}  // namespace detail

#else

// What a call that can fail gives.
template <class T>
using returns = T;

// Whatever a call fails with.
class error : public std::runtime_error {
public:
    explicit error(const failure &failure) : std::runtime_error(failure.message()), failure_(failure) {}

    // TWINLOCK_R_* or TWINLOCK_E_*.
    std::int32_t status() const noexcept { return failure_.status(); }
    // The stable machine-readable name, such as `wrong_code`.
    std::string name() const { return failure_.name(); }

protected:
    failure failure_;
};

// An answer to the user: a wrong code, a lock.
class refusal : public error {
public:
    using error::error;

    // Seconds to wait before the next attempt; 0 where there is nothing to wait for.
    std::int64_t retry_after() const noexcept { return failure_.retry_after(); }
};

// A mistake of the program or the deployment.
class fault : public error {
public:
    using error::error;
};

// The conditional write changed no row: load the record again and repeat the whole call.
class commit_lost : public fault {
public:
    using fault::fault;
};

namespace detail {

[[noreturn]] inline void raise(const failure &failure)
{
    if (failure.is_refusal()) throw refusal(failure);
    if (failure.status() == TWINLOCK_E_COMMIT_LOST) throw commit_lost(failure);
    throw fault(failure);
}

template <class T>
T give(result<T> result)
{
    if (!result) raise(result.error());
    return *std::move(result);
}

inline void give(result<void> result)
{
    if (!result) raise(result.error());
}

template <class T>
result<T> take(T value)
{
    return value;
}

}  // namespace detail

#endif

// ---------------------------------------------------------------------------------------------------------------
// Words

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
    presented_challenge(const Text &token, std::string_view binding = {}) : token(token), binding(binding)
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

// ---------------------------------------------------------------------------------------------------------------
// Reading

namespace detail {

template <class Enum>
constexpr std::int32_t number(Enum value) noexcept
{
    return static_cast<std::int32_t>(value);
}

inline const std::uint8_t *octets(std::string_view text) noexcept
{
    return reinterpret_cast<const std::uint8_t *>(text.data());
}

inline result<void> checked(std::int32_t status) noexcept { return failure(status); }

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

// Room for most answers, so that one call is enough.
constexpr std::size_t text_room = 256;
constexpr std::size_t token_room = 1024;
constexpr std::size_t page_room = 16384;

// Calls `write(out, capacity, &length)` into memory that is wiped, again where it was too small.
template <class Write>
result<secret_string> secret_text(Write write, std::size_t capacity = token_room)
{
    for (;;) {
        std::size_t length = 0;
        std::int32_t status = TWINLOCK_OK;
        auto text = secret_string::filled(secret_string::room{capacity}, [&](char *out, std::size_t room) {
            status = write(out, room, &length);
            return status == TWINLOCK_OK ? length : 0;
        });
        if (status == TWINLOCK_OK) return text;
        if (status != TWINLOCK_E_BUFFER_TOO_SMALL || length <= capacity) return failure(status);
        capacity = length;
    }
}

// The same into a string or a vector, for what is not secret.
template <class Container, class Write>
result<Container> plain(Write write, std::size_t capacity = text_room)
{
    for (;;) {
        Container out(capacity, 0);
        std::size_t length = 0;
        std::int32_t status = write(out.data(), out.size(), &length);
        if (status == TWINLOCK_OK) {
            out.resize(length);
            return out;
        }
        if (status != TWINLOCK_E_BUFFER_TOO_SMALL || length <= capacity) return failure(status);
        capacity = length;
    }
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

inline std::int32_t text_of(const twinlock_pending *from, std::int32_t field, std::size_t index, char *out,
                            std::size_t capacity, std::size_t *length)
{
    return twinlock_pending_text(from, field, index, out, capacity, length);
}

inline std::int32_t text_of(const twinlock_proof *from, std::int32_t field, std::size_t index, char *out,
                            std::size_t capacity, std::size_t *length)
{
    return twinlock_proof_text(from, field, index, out, capacity, length);
}

inline std::int32_t text_of(const twinlock_tokens *from, std::int32_t field, std::size_t, char *out,
                            std::size_t capacity, std::size_t *length)
{
    return twinlock_tokens_text(from, field, out, capacity, length);
}

inline std::int32_t text_of(const twinlock_otpauth *from, std::int32_t field, std::size_t index, char *out,
                            std::size_t capacity, std::size_t *length)
{
    return twinlock_otpauth_text(from, index, field, out, capacity, length);
}

inline std::int32_t int_of(const twinlock_pending *from, std::int32_t field, std::size_t, std::int64_t *out)
{
    return twinlock_pending_int(from, field, out);
}

inline std::int32_t int_of(const twinlock_proof *from, std::int32_t field, std::size_t, std::int64_t *out)
{
    return twinlock_proof_int(from, field, out);
}

inline std::int32_t int_of(const twinlock_tokens *from, std::int32_t field, std::size_t, std::int64_t *out)
{
    return twinlock_tokens_int(from, field, out);
}

inline std::int32_t int_of(const twinlock_otpauth *from, std::int32_t field, std::size_t index, std::int64_t *out)
{
    return twinlock_otpauth_int(from, index, field, out);
}

inline std::int32_t count_of(const twinlock_pending *from, std::int32_t field, std::size_t *out)
{
    return twinlock_pending_count(from, field, out);
}

inline std::int32_t count_of(const twinlock_proof *from, std::int32_t field, std::size_t *out)
{
    return twinlock_proof_count(from, field, out);
}

// Reads fields one after the other and remembers the first that could not be read.
template <class From>
class reader {
public:
    explicit reader(const From *from, std::size_t index = 0) noexcept : from_(from), index_(index) {}

    std::string text(std::int32_t field) { return kept(text_at(field, index_)); }
    secret_string secret(std::int32_t field) { return kept(secret_at(field, index_)); }

    std::optional<std::string> optional_text(std::int32_t field)
    {
        auto text = text_at(field, index_);
        if (text.error().status() == TWINLOCK_E_FIELD_UNKNOWN) return std::nullopt;
        return kept(std::move(text));
    }

    secret_string optional_secret(std::int32_t field)
    {
        auto text = secret_at(field, index_);
        if (text.error().status() == TWINLOCK_E_FIELD_UNKNOWN) return {};
        return kept(std::move(text));
    }

    std::vector<std::string> texts(std::int32_t field)
    {
        std::vector<std::string> texts;
        for (std::size_t index = 0, end = count(field); index < end; index++)
            texts.push_back(kept(text_at(field, index)));
        return texts;
    }

    std::vector<secret_string> secrets(std::int32_t field)
    {
        std::vector<secret_string> secrets;
        for (std::size_t index = 0, end = count(field); index < end; index++)
            secrets.push_back(kept(secret_at(field, index)));
        return secrets;
    }

    std::int64_t number(std::int32_t field)
    {
        std::int64_t number = 0;
        check(int_of(from_, field, index_, &number));
        return number;
    }

    std::optional<std::int64_t> optional_number(std::int32_t field)
    {
        std::int64_t number = 0;
        std::int32_t status = int_of(from_, field, index_, &number);
        if (status == TWINLOCK_E_FIELD_UNKNOWN) return std::nullopt;
        check(status);
        return number;
    }

    void check(std::int32_t status) noexcept
    {
        if (failure_.status() == TWINLOCK_OK) failure_ = failure(status);
    }

    template <class T>
    result<T> finish(T value) const
    {
        if (failure_.status() != TWINLOCK_OK) return failure_;
        return value;
    }

private:
    result<std::string> text_at(std::int32_t field, std::size_t index)
    {
        return plain<std::string>([&](char *out, std::size_t capacity, std::size_t *length) {
            return text_of(from_, field, index, out, capacity, length);
        });
    }

    result<secret_string> secret_at(std::int32_t field, std::size_t index)
    {
        return secret_text([&](char *out, std::size_t capacity, std::size_t *length) {
            return text_of(from_, field, index, out, capacity, length);
        });
    }

    std::size_t count(std::int32_t field)
    {
        std::size_t count = 0;
        check(count_of(from_, field, &count));
        return count;
    }

    template <class T>
    T kept(result<T> read)
    {
        if (read) return *std::move(read);
        check(read.error().status());
        return {};
    }

    const From *from_;
    std::size_t index_;
    failure failure_{TWINLOCK_OK};
};

}  // namespace detail

// ---------------------------------------------------------------------------------------------------------------
// Results

// The proof that a subject passed what the policy asks for. It mints tokens once.
class [[nodiscard]] proof {
public:
    explicit operator bool() const noexcept { return static_cast<bool>(handle_); }
    const twinlock_proof *get() const noexcept { return handle_.get(); }

    returns<std::string> subject() const { return text(TWINLOCK_FIELD_SUBJECT); }
    // The methods of both factors, as the claim `amr` has them.
    returns<std::vector<std::string>> amr() const
    {
        detail::reader<twinlock_proof> fields(get());
        auto amr = fields.texts(TWINLOCK_FIELD_AMR);
        return detail::give(fields.finish(std::move(amr)));
    }
    // How the second factor was shown, if it was: `otp`, `backup` or `sent`.
    returns<std::optional<std::string>> method() const { return optional(TWINLOCK_FIELD_METHOD); }
    // The device whose code was accepted, if it was one's.
    returns<std::optional<std::string>> device_id() const { return optional(TWINLOCK_FIELD_DEVICE_ID); }
    // What a step-up was for; nothing where the proof is of a sign-in.
    returns<std::optional<std::string>> purpose() const { return optional(TWINLOCK_FIELD_PURPOSE); }
    returns<std::int64_t> epoch() const { return number(TWINLOCK_FIELD_EPOCH); }
    returns<std::int64_t> auth_time() const { return number(TWINLOCK_FIELD_AUTH_TIME); }

    // For the calls that give or consume proofs.
    detail::proof_handle &handle() noexcept { return handle_; }

private:
    returns<std::string> text(std::int32_t field) const
    {
        detail::reader<twinlock_proof> fields(get());
        auto text = fields.text(field);
        return detail::give(fields.finish(std::move(text)));
    }

    returns<std::optional<std::string>> optional(std::int32_t field) const
    {
        detail::reader<twinlock_proof> fields(get());
        auto text = fields.optional_text(field);
        return detail::give(fields.finish(std::move(text)));
    }

    returns<std::int64_t> number(std::int32_t field) const
    {
        detail::reader<twinlock_proof> fields(get());
        auto number = fields.number(field);
        return detail::give(fields.finish(number));
    }

    detail::proof_handle handle_;
};

// A pending device. Show the URI as a QR code (qr_svg, qr_terminal), once.
struct provisioning {
    std::string device_id;
    secret_string secret;
    secret_string uri;
    std::int64_t expires_at = 0;
};

// To be shown once.
using backup_codes = std::vector<secret_string>;

// A confirmed device. Backup codes come with the first one only.
struct enrolled {
    std::string device_id;
    twinlock::backup_codes backup_codes;
    twinlock::proof proof;
};

// What comes after the first factor. What the kind does not have is empty.
struct sign_in {
    sign_in_kind kind = sign_in_kind::challenge;
    twinlock::proof proof;
    secret_string challenge;
    std::vector<std::string> methods;
    challenge_gives gives = challenge_gives::sign_in;
    secret_string sent_code;
    secret_string trust_token;
    std::string trust_id;
    secret_string enrollment_token;
    // When the challenge, the trust or the enrollment token ends.
    std::int64_t expires_at = 0;
};

// What opens enrollment and nothing else.
struct enrollment_token {
    secret_string token;
    std::int64_t expires_at = 0;
};

// The code to deliver by mail or SMS, once.
struct sent_code {
    secret_string code;
    std::int64_t expires_at = 0;
};

// What a trusted device keeps, and the id by which it is listed and revoked.
struct trust_token {
    secret_string token;
    std::string id;
    std::int64_t expires_at = 0;
};

// Whether the removed device was the last, so that the second factor is off.
struct removed_device {
    bool last_device = false;
};

// An access token alone, or a sliding one.
struct access_token {
    secret_string access;
    std::int64_t access_expires_at = 0;
};

struct tokens {
    secret_string access;
    std::int64_t access_expires_at = 0;
    secret_string refresh;
    std::int64_t refresh_expires_at = 0;
};

// Tokens whose refresh token rotates, and the state to be stored under the session's id.
struct session {
    twinlock::tokens tokens;
    std::string id;
    std::string state;
    std::string subject;
};

// Which record and which session's state to load.
struct session_reference {
    std::string subject;
    std::string id;
};

namespace detail {

template <class T>
struct as {};

inline result<void> read(twinlock_pending *, as<void>) { return {}; }

inline result<proof> read(twinlock_pending *pending, as<proof>)
{
    proof taken;
    std::int32_t status = twinlock_pending_proof(pending, taken.handle().address());
    if (status != TWINLOCK_OK) return failure(status);
    return taken;
}

inline result<std::string> read(twinlock_pending *pending, as<std::string>)
{
    reader<twinlock_pending> fields(pending);
    auto id = fields.text(TWINLOCK_FIELD_DEVICE_ID);
    return fields.finish(std::move(id));
}

inline result<provisioning> read(twinlock_pending *pending, as<provisioning>)
{
    reader<twinlock_pending> fields(pending);
    provisioning read{fields.text(TWINLOCK_FIELD_DEVICE_ID), fields.secret(TWINLOCK_FIELD_SECRET),
                      fields.secret(TWINLOCK_FIELD_URI), fields.number(TWINLOCK_FIELD_EXPIRES_AT)};
    return fields.finish(std::move(read));
}

inline result<backup_codes> read(twinlock_pending *pending, as<backup_codes>)
{
    reader<twinlock_pending> fields(pending);
    auto codes = fields.secrets(TWINLOCK_FIELD_BACKUP_CODE);
    return fields.finish(std::move(codes));
}

inline result<enrolled> read(twinlock_pending *pending, as<enrolled>)
{
    reader<twinlock_pending> fields(pending);
    enrolled read{fields.text(TWINLOCK_FIELD_DEVICE_ID), fields.secrets(TWINLOCK_FIELD_BACKUP_CODE), {}};
    fields.check(twinlock_pending_proof(pending, read.proof.handle().address()));
    return fields.finish(std::move(read));
}

inline result<sign_in> read(twinlock_pending *pending, as<sign_in>)
{
    reader<twinlock_pending> fields(pending);
    sign_in read;
    read.kind = static_cast<sign_in_kind>(fields.number(TWINLOCK_FIELD_SIGN_IN));
    if (read.kind == sign_in_kind::not_required || read.kind == sign_in_kind::trusted)
        fields.check(twinlock_pending_proof(pending, read.proof.handle().address()));
    read.challenge = fields.optional_secret(TWINLOCK_FIELD_CHALLENGE);
    read.methods = fields.texts(TWINLOCK_FIELD_METHOD);
    read.gives = static_cast<challenge_gives>(fields.optional_number(TWINLOCK_FIELD_GIVES).value_or(0));
    read.sent_code = fields.optional_secret(TWINLOCK_FIELD_SENT_CODE);
    read.trust_token = fields.optional_secret(TWINLOCK_FIELD_TRUST_TOKEN);
    read.trust_id = fields.optional_text(TWINLOCK_FIELD_TRUST_ID).value_or(std::string());
    read.enrollment_token = fields.optional_secret(TWINLOCK_FIELD_ENROLLMENT_TOKEN);
    read.expires_at = fields.optional_number(TWINLOCK_FIELD_EXPIRES_AT).value_or(0);
    return fields.finish(std::move(read));
}

inline result<enrollment_token> read(twinlock_pending *pending, as<enrollment_token>)
{
    reader<twinlock_pending> fields(pending);
    enrollment_token read{fields.secret(TWINLOCK_FIELD_ENROLLMENT_TOKEN), fields.number(TWINLOCK_FIELD_EXPIRES_AT)};
    return fields.finish(std::move(read));
}

inline result<sent_code> read(twinlock_pending *pending, as<sent_code>)
{
    reader<twinlock_pending> fields(pending);
    sent_code read{fields.secret(TWINLOCK_FIELD_SENT_CODE), fields.number(TWINLOCK_FIELD_EXPIRES_AT)};
    return fields.finish(std::move(read));
}

inline result<trust_token> read(twinlock_pending *pending, as<trust_token>)
{
    reader<twinlock_pending> fields(pending);
    trust_token read{fields.secret(TWINLOCK_FIELD_TRUST_TOKEN), fields.text(TWINLOCK_FIELD_TRUST_ID),
                     fields.number(TWINLOCK_FIELD_EXPIRES_AT)};
    return fields.finish(std::move(read));
}

inline result<removed_device> read(twinlock_pending *pending, as<removed_device>)
{
    reader<twinlock_pending> fields(pending);
    removed_device read{fields.number(TWINLOCK_FIELD_LAST_DEVICE) != 0};
    return fields.finish(read);
}

template <class From>
tokens tokens_of(reader<From> &fields)
{
    return {fields.secret(TWINLOCK_FIELD_ACCESS), fields.number(TWINLOCK_FIELD_ACCESS_EXPIRES_AT),
            fields.secret(TWINLOCK_FIELD_REFRESH), fields.number(TWINLOCK_FIELD_REFRESH_EXPIRES_AT)};
}

inline result<tokens> read(twinlock_pending *pending, as<tokens>)
{
    reader<twinlock_pending> fields(pending);
    auto read = tokens_of(fields);
    return fields.finish(std::move(read));
}

inline result<tokens> read(const twinlock_tokens *minted, as<tokens>)
{
    reader<twinlock_tokens> fields(minted);
    auto read = tokens_of(fields);
    return fields.finish(std::move(read));
}

inline result<access_token> read(const twinlock_tokens *minted, as<access_token>)
{
    reader<twinlock_tokens> fields(minted);
    access_token read{fields.secret(TWINLOCK_FIELD_ACCESS), fields.number(TWINLOCK_FIELD_ACCESS_EXPIRES_AT)};
    return fields.finish(std::move(read));
}

inline result<session> read(const twinlock_tokens *minted, as<session>)
{
    reader<twinlock_tokens> fields(minted);
    session read{tokens_of(fields), fields.text(TWINLOCK_FIELD_SESSION), fields.text(TWINLOCK_FIELD_SESSION_STATE),
                 fields.text(TWINLOCK_FIELD_SUBJECT)};
    return fields.finish(std::move(read));
}

inline result<session_reference> read(const twinlock_tokens *minted, as<session_reference>)
{
    reader<twinlock_tokens> fields(minted);
    session_reference read{fields.text(TWINLOCK_FIELD_SUBJECT), fields.text(TWINLOCK_FIELD_SESSION)};
    return fields.finish(std::move(read));
}

inline result<bytes> record_of(const twinlock_pending *pending)
{
    return plain<bytes>(
        [&](std::uint8_t *out, std::size_t capacity, std::size_t *length) {
            return twinlock_pending_record(pending, out, capacity, length);
        },
        TWINLOCK_RECORD_MAX);
}

template <class T>
result<T> commit(twinlock_pending *pending, std::int64_t rows)
{
    std::int32_t status = twinlock_pending_commit(pending, rows);
    if (status == TWINLOCK_OK) return read(pending, as<T>());
    std::int64_t seconds = 0;
    if (status > 0 && twinlock_pending_retry_after(pending, &seconds) != TWINLOCK_OK) seconds = 0;
    return failure(status, seconds);
}

}  // namespace detail

// A verdict, and what has to be stored before it counts.
template <class T>
class [[nodiscard]] pending {
public:
    explicit pending(detail::pending_handle handle) noexcept : handle_(std::move(handle)) {}

    explicit operator bool() const noexcept { return static_cast<bool>(handle_); }
    const twinlock_pending *get() const noexcept { return handle_.get(); }

    // What has to be stored; empty where nothing has.
    returns<bytes> record() const { return detail::give(detail::record_of(get())); }

    // Says how many rows the conditional write changed and gives the verdict: once.
    returns<T> commit(std::int64_t rows) { return detail::give(committed(rows)); }

    // The same, without exceptions in every mode.
    result<T> committed(std::int64_t rows) { return detail::commit<T>(handle_.get(), rows); }

private:
    detail::pending_handle handle_;
};

// ---------------------------------------------------------------------------------------------------------------
// Library

// The version of the library's interface that is loaded; compare it with TWINLOCK_ABI_VERSION.
inline std::int32_t abi_version() noexcept { return twinlock_abi_version(); }

// The version of the library that is loaded; TWINLOCK_VERSION is the header's.
inline returns<std::string> version() { return detail::give(detail::plain<std::string>(twinlock_version)); }

// A new key ring of one random key, as TWINLOCK_OPT_KEYS takes it.
inline returns<secret_string> keyring_generate() { return detail::give(detail::secret_text(twinlock_keyring_generate)); }

// ---------------------------------------------------------------------------------------------------------------
// Engine

// Options on their way to an engine, TWINLOCK_OPT_*.
class config {
public:
    static returns<config> create()
    {
        config made;
        auto done = detail::checked(twinlock_config_new(made.handle_.address()));
        if (!done) return detail::give(result<config>(done.error()));
        return detail::give(result<config>(std::move(made)));
    }

    explicit operator bool() const noexcept { return static_cast<bool>(handle_); }

    returns<void> set_text(std::int32_t option, std::string_view value)
    {
        return detail::give(detail::checked(twinlock_config_set_text(handle_.get(), option, TWINLOCK_HPP_IN(value))));
    }

    returns<void> set_bytes(std::int32_t option, bytes_view value)
    {
        return detail::give(detail::checked(twinlock_config_set_bytes(handle_.get(), option, TWINLOCK_HPP_IN(value))));
    }

    returns<void> set_int(std::int32_t option, std::int64_t value)
    {
        return detail::give(detail::checked(twinlock_config_set_int(handle_.get(), option, value)));
    }

    // For the call that consumes it.
    detail::config_handle &handle() noexcept { return handle_; }

private:
    config() = default;

    detail::config_handle handle_;
};

// Policy and keys, and nothing per user. Share one between all threads.
class engine {
public:
    // On success `config` is empty; on failure it is still yours, to be corrected.
    static returns<engine> create(config &&config)
    {
        engine made;
        auto done = detail::checked(twinlock_engine_new(config.handle().address(), made.handle_.address()));
        if (!done) return detail::give(result<engine>(done.error()));
        return detail::give(result<engine>(std::move(made)));
    }

    explicit operator bool() const noexcept { return static_cast<bool>(handle_); }
    const twinlock_engine *get() const noexcept { return handle_.get(); }

    returns<pending<provisioning>> begin_enrollment(std::string_view subject, bytes_view record,
                                                    std::string_view account, std::string_view name,
                                                    std::int64_t now) const
    {
        return decide<provisioning>([&](twinlock_pending **out) {
            return twinlock_engine_begin_enrollment(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record),
                                                    TWINLOCK_HPP_IN(account), TWINLOCK_HPP_IN(name), now, out);
        });
    }

    returns<pending<provisioning>> begin_enrollment_with(std::string_view subject, bytes_view record,
                                                         std::string_view account, std::string_view name,
                                                         device_parameters device, std::int64_t now) const
    {
        return decide<provisioning>([&](twinlock_pending **out) {
            return twinlock_engine_begin_enrollment_with(
                get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), TWINLOCK_HPP_IN(account),
                TWINLOCK_HPP_IN(name), detail::number(device.kind), detail::number(device.algorithm), device.digits,
                device.period, now, out);
        });
    }

    returns<pending<enrolled>> confirm_enrollment(std::string_view subject, bytes_view record, std::string_view code,
                                                  std::int64_t now) const
    {
        return decide<enrolled>([&](twinlock_pending **out) {
            return twinlock_engine_confirm_enrollment(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record),
                                                      TWINLOCK_HPP_IN(code), now, out);
        });
    }

    returns<std::string> enrollment_subject(std::string_view token, std::int64_t now) const
    {
        return text([&](char *out, std::size_t capacity, std::size_t *length) {
            return twinlock_engine_enrollment_subject(get(), TWINLOCK_HPP_IN(token), now, out, capacity, length);
        });
    }

    returns<std::string> check_enrollment(std::string_view token, bytes_view record, std::int64_t now) const
    {
        return text([&](char *out, std::size_t capacity, std::size_t *length) {
            return twinlock_engine_check_enrollment(get(), TWINLOCK_HPP_IN(token), TWINLOCK_HPP_IN(record), now, out,
                                                    capacity, length);
        });
    }

    returns<pending<sign_in>> begin_sign_in(std::string_view subject, bytes_view record, first_factor first,
                                            std::int64_t now) const
    {
        return decide<sign_in>([&](twinlock_pending **out) {
            return twinlock_engine_begin_sign_in(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record),
                                                 TWINLOCK_HPP_IN(first.methods), first.at,
                                                 TWINLOCK_HPP_IN(first.binding), now, out);
        });
    }

    returns<pending<sign_in>> begin_sign_in_on_device(std::string_view subject, bytes_view record, first_factor first,
                                                      std::string_view trust_token, std::int64_t now) const
    {
        return decide<sign_in>([&](twinlock_pending **out) {
            return twinlock_engine_begin_sign_in_on_device(
                get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), TWINLOCK_HPP_IN(first.methods), first.at,
                TWINLOCK_HPP_IN(first.binding), TWINLOCK_HPP_IN(trust_token), now, out);
        });
    }

    returns<std::string> challenge_subject(std::string_view challenge, std::int64_t now) const
    {
        return text([&](char *out, std::size_t capacity, std::size_t *length) {
            return twinlock_engine_challenge_subject(get(), TWINLOCK_HPP_IN(challenge), now, out, capacity, length);
        });
    }

    returns<pending<proof>> finish_sign_in(bytes_view record, presented_challenge challenge, answer answer,
                                           std::int64_t now) const
    {
        return decide<proof>([&](twinlock_pending **out) {
            return twinlock_engine_finish_sign_in(get(), TWINLOCK_HPP_IN(record), TWINLOCK_HPP_IN(challenge.token),
                                                  TWINLOCK_HPP_IN(challenge.binding), answer.kind(),
                                                  TWINLOCK_HPP_IN(answer.typed()), now, out);
        });
    }

    returns<pending<enrollment_token>> finish_for_enrollment(bytes_view record, presented_challenge challenge,
                                                             answer answer, std::int64_t now) const
    {
        return decide<enrollment_token>([&](twinlock_pending **out) {
            return twinlock_engine_finish_for_enrollment(
                get(), TWINLOCK_HPP_IN(record), TWINLOCK_HPP_IN(challenge.token), TWINLOCK_HPP_IN(challenge.binding),
                answer.kind(), TWINLOCK_HPP_IN(answer.typed()), now, out);
        });
    }

    returns<pending<sent_code>> send_code(bytes_view record, presented_challenge challenge, std::int64_t now) const
    {
        return decide<sent_code>([&](twinlock_pending **out) {
            return twinlock_engine_send_code(get(), TWINLOCK_HPP_IN(record), TWINLOCK_HPP_IN(challenge.token),
                                             TWINLOCK_HPP_IN(challenge.binding), now, out);
        });
    }

    // Uses up the proof once the arguments were read, whatever comes after. `claims` is a JSON object, or empty.
    returns<tokens> mint(proof &&proof, std::string_view claims, std::int64_t now) const
    {
        return make<tokens>([&](twinlock_tokens **out) {
            return twinlock_engine_mint(get(), proof.handle().address(), TWINLOCK_HPP_IN(claims), now, out);
        });
    }

    returns<access_token> mint_access(proof &&proof, std::string_view claims, std::int64_t now) const
    {
        return make<access_token>([&](twinlock_tokens **out) {
            return twinlock_engine_mint_access(get(), proof.handle().address(), TWINLOCK_HPP_IN(claims), now, out);
        });
    }

    returns<access_token> mint_sliding(proof &&proof, std::string_view claims, std::int64_t now) const
    {
        return make<access_token>([&](twinlock_tokens **out) {
            return twinlock_engine_mint_sliding(get(), proof.handle().address(), TWINLOCK_HPP_IN(claims), now, out);
        });
    }

    // The claims as a JSON object.
    returns<std::string> verify(std::string_view token, token_kind kind, std::int64_t now) const
    {
        return text([&](char *out, std::size_t capacity, std::size_t *length) {
            return twinlock_engine_verify(get(), TWINLOCK_HPP_IN(token), detail::number(kind), now, out, capacity,
                                          length);
        });
    }

    returns<std::string> token_subject(std::string_view token, token_kind kind, std::int64_t now) const
    {
        return text([&](char *out, std::size_t capacity, std::size_t *length) {
            return twinlock_engine_token_subject(get(), TWINLOCK_HPP_IN(token), detail::number(kind), now, out,
                                                 capacity, length);
        });
    }

    returns<std::string> refresh_subject(std::string_view token, std::int64_t now) const
    {
        return text([&](char *out, std::size_t capacity, std::size_t *length) {
            return twinlock_engine_refresh_subject(get(), TWINLOCK_HPP_IN(token), now, out, capacity, length);
        });
    }

    returns<access_token> refresh(std::string_view token, bytes_view record, std::int64_t now) const
    {
        return make<access_token>([&](twinlock_tokens **out) {
            return twinlock_engine_refresh(get(), TWINLOCK_HPP_IN(token), TWINLOCK_HPP_IN(record), now, out);
        });
    }

    returns<access_token> refresh_sliding(std::string_view token, bytes_view record, std::int64_t now) const
    {
        return make<access_token>([&](twinlock_tokens **out) {
            return twinlock_engine_refresh_sliding(get(), TWINLOCK_HPP_IN(token), TWINLOCK_HPP_IN(record), now, out);
        });
    }

    returns<std::string> jwks() const
    {
        return text([&](char *out, std::size_t capacity, std::size_t *length) {
            return twinlock_engine_jwks(get(), out, capacity, length);
        });
    }

    // Uses up the proof as mint does.
    returns<session> begin_session(proof &&proof, std::string_view claims, std::int64_t now) const
    {
        return make<session>([&](twinlock_tokens **out) {
            return twinlock_engine_begin_session(get(), proof.handle().address(), TWINLOCK_HPP_IN(claims), now, out);
        });
    }

    returns<session_reference> session_of(std::string_view token, std::int64_t now) const
    {
        return make<session_reference>([&](twinlock_tokens **out) {
            return twinlock_engine_session_of(get(), TWINLOCK_HPP_IN(token), now, out);
        });
    }

    // The record() of this verdict is the state of the session: text, to be stored only if it is still the one
    // that was loaded.
    returns<pending<tokens>> rotate(std::string_view token, std::string_view state, bytes_view record,
                                    std::int64_t now) const
    {
        return decide<tokens>([&](twinlock_pending **out) {
            return twinlock_engine_rotate(get(), TWINLOCK_HPP_IN(token), TWINLOCK_HPP_IN(state),
                                          TWINLOCK_HPP_IN(record), now, out);
        });
    }

    returns<pending<void>> disable(std::string_view subject, bytes_view record, answer answer, std::int64_t now) const
    {
        return decide<void>([&](twinlock_pending **out) {
            return twinlock_engine_disable(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), answer.kind(),
                                           TWINLOCK_HPP_IN(answer.typed()), now, out);
        });
    }

    returns<pending<void>> set_method(std::string_view subject, bytes_view record, answer answer,
                                      std::string_view method, std::int64_t now) const
    {
        return decide<void>([&](twinlock_pending **out) {
            return twinlock_engine_set_method(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), answer.kind(),
                                              TWINLOCK_HPP_IN(answer.typed()), TWINLOCK_HPP_IN(method), now, out);
        });
    }

    returns<pending<backup_codes>> regenerate_backup_codes(std::string_view subject, bytes_view record, answer answer,
                                                           std::int64_t now) const
    {
        return decide<backup_codes>([&](twinlock_pending **out) {
            return twinlock_engine_regenerate_backup_codes(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record),
                                                           answer.kind(), TWINLOCK_HPP_IN(answer.typed()), now, out);
        });
    }

    returns<pending<backup_codes>> admin_regenerate_backup_codes(std::string_view subject, bytes_view record,
                                                                 std::int64_t now) const
    {
        return decide<backup_codes>([&](twinlock_pending **out) {
            return twinlock_engine_admin_regenerate_backup_codes(get(), TWINLOCK_HPP_IN(subject),
                                                                 TWINLOCK_HPP_IN(record), now, out);
        });
    }

    returns<pending<void>> unlock(std::string_view subject, bytes_view record, std::int64_t now) const
    {
        return decide<void>([&](twinlock_pending **out) {
            return twinlock_engine_unlock(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), now, out);
        });
    }

    returns<pending<void>> admin_reset(std::string_view subject, bytes_view record, std::int64_t now) const
    {
        return decide<void>([&](twinlock_pending **out) {
            return twinlock_engine_admin_reset(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), now, out);
        });
    }

    returns<pending<void>> bump_epoch(std::string_view subject, bytes_view record, std::int64_t now) const
    {
        return decide<void>([&](twinlock_pending **out) {
            return twinlock_engine_bump_epoch(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), now, out);
        });
    }

    returns<pending<provisioning>> add_device(std::string_view subject, bytes_view record, answer answer,
                                              std::string_view account, std::string_view name,
                                              device_parameters device, std::int64_t now) const
    {
        return decide<provisioning>([&](twinlock_pending **out) {
            return twinlock_engine_add_device(
                get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), answer.kind(),
                TWINLOCK_HPP_IN(answer.typed()), TWINLOCK_HPP_IN(account), TWINLOCK_HPP_IN(name),
                detail::number(device.kind), detail::number(device.algorithm), device.digits, device.period, now, out);
        });
    }

    returns<pending<void>> rename_device(std::string_view subject, bytes_view record, std::string_view device_id,
                                         std::string_view name, std::int64_t now) const
    {
        return decide<void>([&](twinlock_pending **out) {
            return twinlock_engine_rename_device(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record),
                                                 TWINLOCK_HPP_IN(device_id), TWINLOCK_HPP_IN(name), now, out);
        });
    }

    returns<pending<removed_device>> remove_device(std::string_view subject, bytes_view record,
                                                   std::string_view device_id, answer answer, std::int64_t now) const
    {
        return decide<removed_device>([&](twinlock_pending **out) {
            return twinlock_engine_remove_device(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record),
                                                 TWINLOCK_HPP_IN(device_id), answer.kind(),
                                                 TWINLOCK_HPP_IN(answer.typed()), now, out);
        });
    }

    returns<pending<void>> resync_device(std::string_view subject, bytes_view record, std::string_view device_id,
                                         std::string_view first, std::string_view second, std::int64_t now) const
    {
        return decide<void>([&](twinlock_pending **out) {
            return twinlock_engine_resync_device(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record),
                                                 TWINLOCK_HPP_IN(device_id), TWINLOCK_HPP_IN(first),
                                                 TWINLOCK_HPP_IN(second), now, out);
        });
    }

    // `session` is the session's access or sliding token, or empty.
    returns<pending<proof>> step_up(std::string_view subject, bytes_view record, answer answer,
                                    std::string_view purpose, std::string_view session, std::int64_t now) const
    {
        return decide<proof>([&](twinlock_pending **out) {
            return twinlock_engine_step_up(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), answer.kind(),
                                           TWINLOCK_HPP_IN(answer.typed()), TWINLOCK_HPP_IN(purpose),
                                           TWINLOCK_HPP_IN(session), now, out);
        });
    }

    // Gives nothing where the token is good enough, and the refusal where it is not.
    returns<void> require_step_up(std::string_view token, std::string_view purpose, std::uint32_t max_age,
                                  std::int64_t now) const
    {
        return detail::give(detail::checked(twinlock_engine_require_step_up(
            get(), TWINLOCK_HPP_IN(token), TWINLOCK_HPP_IN(purpose), max_age, now)));
    }

    // The proof stays yours; mint with it afterwards.
    returns<pending<trust_token>> trust_device(std::string_view subject, bytes_view record, const proof &proof,
                                               std::string_view name, std::int64_t now) const
    {
        return decide<trust_token>([&](twinlock_pending **out) {
            return twinlock_engine_trust_device(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), proof.get(),
                                                TWINLOCK_HPP_IN(name), now, out);
        });
    }

    returns<bool> is_trusted(std::string_view subject, bytes_view record, std::string_view trust_token,
                             std::int64_t now) const
    {
        std::int32_t status = twinlock_engine_is_trusted(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record),
                                                         TWINLOCK_HPP_IN(trust_token), now);
        if (status == TWINLOCK_OK || status == TWINLOCK_R_SECOND_FACTOR_REQUIRED)
            return detail::give(result<bool>(status == TWINLOCK_OK));
        return detail::give(result<bool>(failure(status)));
    }

    // All trusted devices where `trust_id` is empty.
    returns<pending<void>> revoke_trusted_devices(std::string_view subject, bytes_view record,
                                                  std::string_view trust_id, std::int64_t now) const
    {
        return decide<void>([&](twinlock_pending **out) {
            return twinlock_engine_revoke_trusted_devices(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record),
                                                          TWINLOCK_HPP_IN(trust_id), now, out);
        });
    }

    // Gives the device's id.
    returns<pending<std::string>> import_device(std::string_view subject, bytes_view record, imported_device device,
                                                std::int64_t now) const
    {
        return decide<std::string>([&](twinlock_pending **out) {
            return twinlock_engine_import_device(
                get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), TWINLOCK_HPP_IN(device.name),
                TWINLOCK_HPP_IN(device.secret), detail::number(device.kind), detail::number(device.algorithm),
                device.digits, device.period, device.counter, device.last_step, now, out);
        });
    }

    // Gives the device's id.
    returns<pending<std::string>> import_device_uri(std::string_view subject, bytes_view record, std::string_view name,
                                                    std::string_view uri, std::int64_t now) const
    {
        return decide<std::string>([&](twinlock_pending **out) {
            return twinlock_engine_import_device_uri(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record),
                                                     TWINLOCK_HPP_IN(name), TWINLOCK_HPP_IN(uri), now, out);
        });
    }

    // `codes` are one a line, as `scheme` says; `key` where that needs one.
    returns<pending<void>> import_backup_codes(std::string_view subject, bytes_view record, std::string_view scheme,
                                               std::string_view codes, bytes_view key, std::int64_t now) const
    {
        return decide<void>([&](twinlock_pending **out) {
            return twinlock_engine_import_backup_codes(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record),
                                                       TWINLOCK_HPP_IN(scheme), TWINLOCK_HPP_IN(codes),
                                                       TWINLOCK_HPP_IN(key), now, out);
        });
    }

    // The state of a subject's second factor as a JSON object. Nothing secret is in it.
    returns<std::string> status(std::string_view subject, bytes_view record, std::int64_t now) const
    {
        return text(
            [&](char *out, std::size_t capacity, std::size_t *length) {
                return twinlock_engine_status(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), now, out,
                                              capacity, length);
            },
            detail::token_room);
    }

    // Empty where the record needs no other key already.
    returns<bytes> reseal(std::string_view subject, bytes_view record) const
    {
        return detail::give(detail::plain<bytes>(
            [&](std::uint8_t *out, std::size_t capacity, std::size_t *length) {
                return twinlock_engine_reseal(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), out, capacity,
                                              length);
            },
            TWINLOCK_RECORD_MAX));
    }

    // The ids of the keys that a record cannot do without.
    returns<std::vector<std::string>> keys_needed(std::string_view subject, bytes_view record) const
    {
        return detail::give(detail::words(
            detail::plain<std::string>([&](char *out, std::size_t capacity, std::size_t *length) {
                return twinlock_engine_keys_needed(get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(record), out,
                                                   capacity, length);
            })));
    }

    // The ids of the ring's keys, the first key's first.
    returns<std::vector<std::string>> key_ids() const
    {
        return detail::give(detail::words(
            detail::plain<std::string>([&](char *out, std::size_t capacity, std::size_t *length) {
                return twinlock_engine_key_ids(get(), out, capacity, length);
            })));
    }

private:
    engine() = default;

    template <class T, class Call>
    static returns<pending<T>> decide(Call call)
    {
        detail::pending_handle made;
        std::int32_t status = call(made.address());
        if (status != TWINLOCK_OK) return detail::give(result<pending<T>>(failure(status)));
        return detail::give(result<pending<T>>(pending<T>(std::move(made))));
    }

    template <class T, class Call>
    static returns<T> make(Call call)
    {
        detail::tokens_handle made;
        std::int32_t status = call(made.address());
        if (status != TWINLOCK_OK) return detail::give(result<T>(failure(status)));
        return detail::give(detail::read(made.get(), detail::as<T>()));
    }

    template <class Write>
    static returns<std::string> text(Write write, std::size_t capacity = detail::text_room)
    {
        return detail::give(detail::plain<std::string>(write, capacity));
    }

    detail::engine_handle handle_;
};

// ---------------------------------------------------------------------------------------------------------------
// Vault: small secrets of your own, sealed for a subject

inline returns<bytes> vault_seal(const engine &engine, std::string_view subject, std::string_view secret)
{
    return detail::give(detail::plain<bytes>(
        [&](std::uint8_t *out, std::size_t capacity, std::size_t *length) {
            return twinlock_vault_seal(engine.get(), TWINLOCK_HPP_IN(subject), detail::octets(secret), secret.size(),
                                       out, capacity, length);
        },
        secret.size() + 64));
}

inline returns<secret_string> vault_open(const engine &engine, std::string_view subject, bytes_view envelope)
{
    return detail::give(detail::secret_text(
        [&](char *out, std::size_t capacity, std::size_t *length) {
            return twinlock_vault_open(engine.get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(envelope),
                                       reinterpret_cast<std::uint8_t *>(out), capacity, length);
        },
        envelope.size()));
}

// Empty where the envelope needs no other key already.
inline returns<bytes> vault_reseal(const engine &engine, std::string_view subject, bytes_view envelope)
{
    return detail::give(detail::plain<bytes>(
        [&](std::uint8_t *out, std::size_t capacity, std::size_t *length) {
            return twinlock_vault_reseal(engine.get(), TWINLOCK_HPP_IN(subject), TWINLOCK_HPP_IN(envelope), out,
                                         capacity, length);
        },
        envelope.size() + 64));
}

inline returns<std::string> vault_key_id(bytes_view envelope)
{
    return detail::give(detail::plain<std::string>([&](char *out, std::size_t capacity, std::size_t *length) {
        return twinlock_vault_key_id(TWINLOCK_HPP_IN(envelope), out, capacity, length);
    }));
}

inline returns<std::string> vault_to_text(bytes_view envelope)
{
    return detail::give(detail::plain<std::string>([&](char *out, std::size_t capacity, std::size_t *length) {
        return twinlock_vault_to_text(TWINLOCK_HPP_IN(envelope), out, capacity, length);
    }));
}

inline returns<bytes> vault_from_text(std::string_view envelope)
{
    return detail::give(detail::plain<bytes>([&](std::uint8_t *out, std::size_t capacity, std::size_t *length) {
        return twinlock_vault_from_text(TWINLOCK_HPP_IN(envelope), out, capacity, length);
    }));
}

// The state of a session as it is after a logout, to be stored.
inline returns<std::string> session_revoke(std::string_view state, std::int64_t now)
{
    return detail::give(detail::plain<std::string>(
        [&](char *out, std::size_t capacity, std::size_t *length) {
            return twinlock_session_revoke(TWINLOCK_HPP_IN(state), now, out, capacity, length);
        },
        TWINLOCK_SESSION_MAX));
}

// ---------------------------------------------------------------------------------------------------------------
// Primitives, without an engine

inline returns<secret_string> secret_generate() { return detail::give(detail::secret_text(twinlock_secret_generate)); }

inline returns<secret_string> secret_from_bytes(bytes_view secret)
{
    return detail::give(detail::secret_text([&](char *out, std::size_t capacity, std::size_t *length) {
        return twinlock_secret_from_bytes(TWINLOCK_HPP_IN(secret), out, capacity, length);
    }));
}

inline returns<secret_string> totp_generate(std::string_view secret, otp_parameters parameters, std::int64_t now)
{
    return detail::give(detail::secret_text([&](char *out, std::size_t capacity, std::size_t *length) {
        return twinlock_totp_generate(TWINLOCK_HPP_IN(secret), detail::number(parameters.algorithm),
                                      parameters.digits, parameters.period, now, out, capacity, length);
    }));
}

namespace detail {

// Where a code was found; nothing where it is wrong.
inline result<std::optional<std::uint64_t>> found(std::int32_t status, std::uint64_t at)
{
    if (status == TWINLOCK_R_WRONG_CODE) return std::optional<std::uint64_t>();
    if (status != TWINLOCK_OK) return failure(status);
    return std::optional<std::uint64_t>(at);
}

}  // namespace detail

// The step that a code belongs to, or nothing where it is wrong. Keep that number and refuse the same or a lower
// one from then on: without that, a code can be used twice.
inline returns<std::optional<std::uint64_t>> totp_verify(std::string_view secret, otp_parameters parameters,
                                                         std::string_view code, std::uint32_t window,
                                                         std::int64_t now)
{
    std::uint64_t step = 0;
    std::int32_t status = twinlock_totp_verify(TWINLOCK_HPP_IN(secret), detail::number(parameters.algorithm),
                                               parameters.digits, parameters.period, TWINLOCK_HPP_IN(code), window,
                                               now, &step);
    return detail::give(detail::found(status, step));
}

inline returns<secret_string> hotp_generate(std::string_view secret, otp_parameters parameters, std::uint64_t counter)
{
    return detail::give(detail::secret_text([&](char *out, std::size_t capacity, std::size_t *length) {
        return twinlock_hotp_generate(TWINLOCK_HPP_IN(secret), detail::number(parameters.algorithm),
                                      parameters.digits, counter, out, capacity, length);
    }));
}

// The counter that a code belongs to, or nothing where it is wrong. Keep one more as the next to expect.
inline returns<std::optional<std::uint64_t>> hotp_verify(std::string_view secret, otp_parameters parameters,
                                                         std::string_view code, std::uint64_t counter,
                                                         std::uint32_t look_ahead)
{
    std::uint64_t matched = 0;
    std::int32_t status = twinlock_hotp_verify(TWINLOCK_HPP_IN(secret), detail::number(parameters.algorithm),
                                               parameters.digits, TWINLOCK_HPP_IN(code), counter, look_ahead,
                                               &matched);
    return detail::give(detail::found(status, matched));
}

// The counter of the second of two codes in a row, or nothing. Keep one more as the next to expect.
inline returns<std::optional<std::uint64_t>> hotp_resync(std::string_view secret, otp_parameters parameters,
                                                         std::string_view first, std::string_view second,
                                                         std::uint64_t counter, std::uint32_t window)
{
    std::uint64_t matched = 0;
    std::int32_t status = twinlock_hotp_resync(TWINLOCK_HPP_IN(secret), detail::number(parameters.algorithm),
                                               parameters.digits, TWINLOCK_HPP_IN(first), TWINLOCK_HPP_IN(second),
                                               counter, window, &matched);
    return detail::give(detail::found(status, matched));
}

inline returns<secret_string> steam_generate(std::string_view secret, std::int64_t now)
{
    return detail::give(detail::secret_text([&](char *out, std::size_t capacity, std::size_t *length) {
        return twinlock_steam_generate(TWINLOCK_HPP_IN(secret), now, out, capacity, length);
    }));
}

// As totp_verify.
inline returns<std::optional<std::uint64_t>> steam_verify(std::string_view secret, std::string_view code,
                                                          std::uint32_t window, std::int64_t now)
{
    std::uint64_t step = 0;
    std::int32_t status =
        twinlock_steam_verify(TWINLOCK_HPP_IN(secret), TWINLOCK_HPP_IN(code), window, now, &step);
    return detail::give(detail::found(status, step));
}

// A text, such as the URI of an enrollment, as an SVG. It is as secret as the text.
inline returns<secret_string> qr_svg(std::string_view content)
{
    return detail::give(detail::secret_text(
        [&](char *out, std::size_t capacity, std::size_t *length) {
            return twinlock_qr_svg(TWINLOCK_HPP_IN(content), out, capacity, length);
        },
        detail::page_room));
}

// As qr_svg, in characters (UTF-8) and colors for a terminal.
inline returns<secret_string> qr_terminal(std::string_view content)
{
    return detail::give(detail::secret_text(
        [&](char *out, std::size_t capacity, std::size_t *length) {
            return twinlock_qr_terminal(TWINLOCK_HPP_IN(content), out, capacity, length);
        },
        detail::page_room));
}

// One account of a URI. What its kind does not have is empty.
struct otpauth_account {
    std::optional<std::string> issuer;
    std::string account;
    secret_string secret;
    device_kind kind = device_kind::totp;
    twinlock::algorithm algorithm = twinlock::algorithm::sha1;
    std::uint32_t digits = 6;
    std::optional<std::uint32_t> period;
    std::optional<std::uint64_t> counter;
};

// What the kind does not have is not looked at. `counter` is what a counter device shows next.
inline returns<secret_string> otpauth_build(std::string_view issuer, std::string_view account,
                                            std::string_view secret, device_kind kind, otp_parameters parameters,
                                            std::uint64_t counter)
{
    return detail::give(detail::secret_text([&](char *out, std::size_t capacity, std::size_t *length) {
        return twinlock_otpauth_build(TWINLOCK_HPP_IN(issuer), TWINLOCK_HPP_IN(account), TWINLOCK_HPP_IN(secret),
                                      detail::number(kind), detail::number(parameters.algorithm), parameters.digits,
                                      parameters.period, counter, out, capacity, length);
    }));
}

namespace detail {

inline result<otpauth_account> read(const twinlock_otpauth *accounts, std::size_t index)
{
    reader<twinlock_otpauth> fields(accounts, index);
    otpauth_account read;
    read.issuer = fields.optional_text(TWINLOCK_FIELD_ISSUER);
    read.account = fields.text(TWINLOCK_FIELD_ACCOUNT);
    read.secret = fields.secret(TWINLOCK_FIELD_SECRET);
    read.kind = static_cast<device_kind>(fields.number(TWINLOCK_FIELD_KIND));
    read.algorithm = static_cast<algorithm>(fields.optional_number(TWINLOCK_FIELD_ALGORITHM).value_or(0));
    read.digits = static_cast<std::uint32_t>(fields.optional_number(TWINLOCK_FIELD_DIGITS).value_or(0));
    if (auto period = fields.optional_number(TWINLOCK_FIELD_PERIOD))
        read.period = static_cast<std::uint32_t>(*period);
    if (auto counter = fields.optional_number(TWINLOCK_FIELD_COUNTER))
        read.counter = static_cast<std::uint64_t>(*counter);
    return fields.finish(std::move(read));
}

inline result<std::vector<otpauth_account>> accounts_of(std::string_view uri)
{
    otpauth_handle parsed;
    std::size_t count = 0;
    std::int32_t status = twinlock_otpauth_parse(TWINLOCK_HPP_IN(uri), parsed.address());
    if (status == TWINLOCK_OK) status = twinlock_otpauth_count(parsed.get(), &count);
    if (status != TWINLOCK_OK) return failure(status);
    std::vector<otpauth_account> accounts;
    for (std::size_t index = 0; index < count; index++) {
        auto account = read(parsed.get(), index);
        if (!account) return account.error();
        accounts.push_back(*std::move(account));
    }
    return accounts;
}

}  // namespace detail

// The one account of an `otpauth://` URI, or those of an `otpauth-migration://` URI.
inline returns<std::vector<otpauth_account>> otpauth_parse(std::string_view uri)
{
    return detail::give(detail::accounts_of(uri));
}

// ---------------------------------------------------------------------------------------------------------------
// Hosts

// The time as every call takes it: Unix seconds.
inline std::int64_t unix_now()
{
    auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

// A record as it was loaded.
struct stored_record {
    bytes record;
    // It grows by one with every write; the first is 1.
    std::uint64_t version = 0;
};

// Where records are kept. load and save may be called from many threads. What they throw comes out of the call of
// second_factor; without exceptions let them give failure(TWINLOCK_E_STORE_FAILED). Nothing is granted then.
class store {
public:
    virtual ~store() = default;

    // The sealed record and its version, or nothing where there is none.
    virtual returns<std::optional<stored_record>> load(std::string_view subject) = 0;

    // Writes the record only if its version is still `expected_version` (0: only if there is none), in a
    // transaction of its own, and says whether exactly one row changed.
    virtual returns<bool> save(std::string_view subject, bytes_view record, std::uint64_t expected_version) = 0;

    // Waits before the next attempt, as long as it is told.
    virtual void pause(std::chrono::microseconds time) { std::this_thread::sleep_for(time); }

protected:
    store() = default;
    store(const store &) = default;
    store &operator=(const store &) = default;
};

// A store in memory, for tests and for trying things out. What it holds ends with the object.
class memory_store : public store {
public:
    returns<std::optional<stored_record>> load(std::string_view subject) override
    {
        std::lock_guard<std::mutex> lock(mutex_);
        auto row = rows_.find(subject);
        if (row == rows_.end()) return std::optional<stored_record>();
        return std::optional<stored_record>(row->second);
    }

    returns<bool> save(std::string_view subject, bytes_view record, std::uint64_t expected_version) override
    {
        std::lock_guard<std::mutex> lock(mutex_);
        auto row = rows_.find(subject);
        std::uint64_t version = row == rows_.end() ? 0 : row->second.version;
        if (version != expected_version) return false;
        if (row == rows_.end()) row = rows_.emplace(std::string(subject), stored_record()).first;
        row->second.record.assign(record.data(), record.data() + record.size());
        row->second.version = version + 1;
        return true;
    }

private:
    std::mutex mutex_;
    std::map<std::string, stored_record, std::less<>> rows_;
};

// An engine over a store, both of which must outlive it: load, decide, write if nobody else did, commit; and again
// if somebody did, 8 times at most, then TWINLOCK_R_CONTENDED. Its calls are the engine's, without the record.
class second_factor {
public:
    second_factor(const twinlock::engine &engine, twinlock::store &store) noexcept : engine_(&engine), store_(&store)
    {
    }

    // To mint and verify tokens.
    const twinlock::engine &engine() const noexcept { return *engine_; }
    twinlock::store &store() const noexcept { return *store_; }

    returns<provisioning> begin_enrollment(std::string_view subject, std::string_view account,
                                           std::string_view name = {}, std::int64_t now = unix_now()) const
    {
        return run<provisioning>(subject, [&](bytes_view record) {
            return engine_->begin_enrollment(subject, record, account, name, now);
        });
    }

    returns<provisioning> begin_enrollment_with(std::string_view subject, std::string_view account,
                                                std::string_view name, device_parameters device,
                                                std::int64_t now = unix_now()) const
    {
        return run<provisioning>(subject, [&](bytes_view record) {
            return engine_->begin_enrollment_with(subject, record, account, name, device, now);
        });
    }

    returns<enrolled> confirm_enrollment(std::string_view subject, std::string_view code,
                                         std::int64_t now = unix_now()) const
    {
        return run<enrolled>(subject, [&](bytes_view record) {
            return engine_->confirm_enrollment(subject, record, code, now);
        });
    }

    // The subject of the enrollment token, for which it opens enrollment.
    returns<std::string> check_enrollment(std::string_view token, std::int64_t now = unix_now()) const
    {
        auto subject = detail::take<std::string>(engine_->enrollment_subject(token, now));
        if (!subject) return fail<std::string>(subject.error());
        return with<std::string>(*subject, [&](bytes_view record) {
            return engine_->check_enrollment(token, record, now);
        });
    }

    // `first.at` is when the first factor was passed.
    returns<sign_in> begin_sign_in(std::string_view subject, first_factor first, std::int64_t now = unix_now()) const
    {
        return run<sign_in>(subject, [&](bytes_view record) {
            return engine_->begin_sign_in(subject, record, first, now);
        });
    }

    returns<sign_in> begin_sign_in_on_device(std::string_view subject, first_factor first,
                                             std::string_view trust_token, std::int64_t now = unix_now()) const
    {
        return run<sign_in>(subject, [&](bytes_view record) {
            return engine_->begin_sign_in_on_device(subject, record, first, trust_token, now);
        });
    }

    returns<proof> finish_sign_in(presented_challenge challenge, answer answer, std::int64_t now = unix_now()) const
    {
        return answered<proof>(challenge, now, [&](bytes_view record) {
            return engine_->finish_sign_in(record, challenge, answer, now);
        });
    }

    returns<enrollment_token> finish_for_enrollment(presented_challenge challenge, answer answer,
                                                    std::int64_t now = unix_now()) const
    {
        return answered<enrollment_token>(challenge, now, [&](bytes_view record) {
            return engine_->finish_for_enrollment(record, challenge, answer, now);
        });
    }

    returns<sent_code> send_code(presented_challenge challenge, std::int64_t now = unix_now()) const
    {
        return answered<sent_code>(challenge, now, [&](bytes_view record) {
            return engine_->send_code(record, challenge, now);
        });
    }

    returns<access_token> refresh(std::string_view token, std::int64_t now = unix_now()) const
    {
        auto subject = detail::take<std::string>(engine_->refresh_subject(token, now));
        if (!subject) return fail<access_token>(subject.error());
        return with<access_token>(*subject, [&](bytes_view record) { return engine_->refresh(token, record, now); });
    }

    returns<access_token> refresh_sliding(std::string_view token, std::int64_t now = unix_now()) const
    {
        auto subject = detail::take<std::string>(engine_->token_subject(token, token_kind::sliding, now));
        if (!subject) return fail<access_token>(subject.error());
        return with<access_token>(*subject, [&](bytes_view record) {
            return engine_->refresh_sliding(token, record, now);
        });
    }

    // Loads the record and exchanges the token; the state is yours to load and to store, see engine::rotate.
    returns<pending<tokens>> rotate(std::string_view token, std::string_view state,
                                    std::int64_t now = unix_now()) const
    {
        auto session = detail::take<session_reference>(engine_->session_of(token, now));
        if (!session) return fail<pending<tokens>>(session.error());
        return with<pending<tokens>>(session->subject, [&](bytes_view record) {
            return engine_->rotate(token, state, record, now);
        });
    }

    returns<void> disable(std::string_view subject, answer answer, std::int64_t now = unix_now()) const
    {
        return run<void>(subject, [&](bytes_view record) { return engine_->disable(subject, record, answer, now); });
    }

    returns<void> set_method(std::string_view subject, answer answer, std::string_view method,
                             std::int64_t now = unix_now()) const
    {
        return run<void>(subject, [&](bytes_view record) {
            return engine_->set_method(subject, record, answer, method, now);
        });
    }

    returns<backup_codes> regenerate_backup_codes(std::string_view subject, answer answer,
                                                  std::int64_t now = unix_now()) const
    {
        return run<backup_codes>(subject, [&](bytes_view record) {
            return engine_->regenerate_backup_codes(subject, record, answer, now);
        });
    }

    returns<backup_codes> admin_regenerate_backup_codes(std::string_view subject, std::int64_t now = unix_now()) const
    {
        return run<backup_codes>(subject, [&](bytes_view record) {
            return engine_->admin_regenerate_backup_codes(subject, record, now);
        });
    }

    returns<void> unlock(std::string_view subject, std::int64_t now = unix_now()) const
    {
        return run<void>(subject, [&](bytes_view record) { return engine_->unlock(subject, record, now); });
    }

    returns<void> admin_reset(std::string_view subject, std::int64_t now = unix_now()) const
    {
        return run<void>(subject, [&](bytes_view record) { return engine_->admin_reset(subject, record, now); });
    }

    returns<void> bump_epoch(std::string_view subject, std::int64_t now = unix_now()) const
    {
        return run<void>(subject, [&](bytes_view record) { return engine_->bump_epoch(subject, record, now); });
    }

    returns<provisioning> add_device(std::string_view subject, answer answer, std::string_view account,
                                     std::string_view name = {}, device_parameters device = {},
                                     std::int64_t now = unix_now()) const
    {
        return run<provisioning>(subject, [&](bytes_view record) {
            return engine_->add_device(subject, record, answer, account, name, device, now);
        });
    }

    returns<void> rename_device(std::string_view subject, std::string_view device_id, std::string_view name,
                                std::int64_t now = unix_now()) const
    {
        return run<void>(subject, [&](bytes_view record) {
            return engine_->rename_device(subject, record, device_id, name, now);
        });
    }

    returns<removed_device> remove_device(std::string_view subject, std::string_view device_id, answer answer,
                                          std::int64_t now = unix_now()) const
    {
        return run<removed_device>(subject, [&](bytes_view record) {
            return engine_->remove_device(subject, record, device_id, answer, now);
        });
    }

    returns<void> resync_device(std::string_view subject, std::string_view device_id, std::string_view first,
                                std::string_view second, std::int64_t now = unix_now()) const
    {
        return run<void>(subject, [&](bytes_view record) {
            return engine_->resync_device(subject, record, device_id, first, second, now);
        });
    }

    returns<proof> step_up(std::string_view subject, answer answer, std::string_view purpose,
                           std::string_view session = {}, std::int64_t now = unix_now()) const
    {
        return run<proof>(subject, [&](bytes_view record) {
            return engine_->step_up(subject, record, answer, purpose, session, now);
        });
    }

    returns<trust_token> trust_device(std::string_view subject, const proof &proof, std::string_view name = {},
                                      std::int64_t now = unix_now()) const
    {
        return run<trust_token>(subject, [&](bytes_view record) {
            return engine_->trust_device(subject, record, proof, name, now);
        });
    }

    returns<bool> is_trusted(std::string_view subject, std::string_view trust_token,
                             std::int64_t now = unix_now()) const
    {
        return with<bool>(subject, [&](bytes_view record) {
            return engine_->is_trusted(subject, record, trust_token, now);
        });
    }

    returns<void> revoke_trusted_devices(std::string_view subject, std::string_view trust_id = {},
                                         std::int64_t now = unix_now()) const
    {
        return run<void>(subject, [&](bytes_view record) {
            return engine_->revoke_trusted_devices(subject, record, trust_id, now);
        });
    }

    returns<std::string> import_device(std::string_view subject, imported_device device,
                                       std::int64_t now = unix_now()) const
    {
        return run<std::string>(subject, [&](bytes_view record) {
            return engine_->import_device(subject, record, device, now);
        });
    }

    returns<std::string> import_device_uri(std::string_view subject, std::string_view name, std::string_view uri,
                                           std::int64_t now = unix_now()) const
    {
        return run<std::string>(subject, [&](bytes_view record) {
            return engine_->import_device_uri(subject, record, name, uri, now);
        });
    }

    returns<void> import_backup_codes(std::string_view subject, std::string_view scheme, std::string_view codes,
                                      bytes_view key = {}, std::int64_t now = unix_now()) const
    {
        return run<void>(subject, [&](bytes_view record) {
            return engine_->import_backup_codes(subject, record, scheme, codes, key, now);
        });
    }

    // A JSON object; see engine::status.
    returns<std::string> status(std::string_view subject, std::int64_t now = unix_now()) const
    {
        return with<std::string>(subject, [&](bytes_view record) { return engine_->status(subject, record, now); });
    }

    // Says whether the record was sealed anew; one that is not there or needs no other key is left alone.
    returns<bool> reseal(std::string_view subject) const
    {
        for (unsigned attempt = 1; attempt <= attempts; attempt++) {
            auto row = detail::take<std::optional<stored_record>>(store_->load(subject));
            if (!row) return fail<bool>(row.error());
            if (!*row) return detail::give(result<bool>(false));
            auto anew = detail::take<bytes>(engine_->reseal(subject, (*row)->record));
            if (!anew) return fail<bool>(anew.error());
            if (anew->empty()) return detail::give(result<bool>(false));
            auto saved = detail::take<bool>(store_->save(subject, *anew, (*row)->version));
            if (!saved) return fail<bool>(saved.error());
            if (*saved) return detail::give(result<bool>(true));
            store_->pause(backoff(attempt));
        }
        return fail<bool>(failure(TWINLOCK_R_CONTENDED, 1));
    }

private:
    static constexpr unsigned attempts = 8;

    template <class T>
    static returns<T> fail(const failure &failure)
    {
        return detail::give(result<T>(failure));
    }

    // Up to 4 ms for each attempt that was lost, at random so that those who collided part.
    static std::chrono::microseconds backoff(unsigned attempt)
    {
        auto time = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
        std::uint64_t thread = std::hash<std::thread::id>()(std::this_thread::get_id());
        std::uint64_t mixed = (time ^ thread) * 0x9E3779B97F4A7C15u;
        return std::chrono::microseconds(16) * (attempt * static_cast<unsigned>(mixed >> 56));
    }

    // Reads the subject's record; nothing is to be stored.
    template <class T, class Read>
    returns<T> with(std::string_view subject, Read read) const
    {
        auto row = detail::take<std::optional<stored_record>>(store_->load(subject));
        if (!row) return fail<T>(row.error());
        return *row ? read(bytes_view((*row)->record)) : read(bytes_view());
    }

    template <class T, class Decide>
    returns<T> answered(presented_challenge challenge, std::int64_t now, Decide decide) const
    {
        auto subject = detail::take<std::string>(engine_->challenge_subject(challenge.token, now));
        if (!subject) return fail<T>(subject.error());
        return run<T>(*subject, decide);
    }

    // Load, decide, conditional write, commit; from the start again when the write lost.
    template <class T, class Decide>
    returns<T> run(std::string_view subject, Decide decide) const
    {
        for (unsigned attempt = 1; attempt <= attempts; attempt++) {
            auto verdict = once<T>(subject, decide);
            if (verdict || verdict.error().status() != TWINLOCK_E_COMMIT_LOST) return detail::give(std::move(verdict));
            store_->pause(backoff(attempt));
        }
        return fail<T>(failure(TWINLOCK_R_CONTENDED, 1));
    }

    template <class T, class Decide>
    result<T> once(std::string_view subject, Decide decide) const
    {
        auto row = detail::take<std::optional<stored_record>>(store_->load(subject));
        if (!row) return row.error();
        std::uint64_t version = *row ? (*row)->version : 0;
        auto decided = detail::take<pending<T>>(*row ? decide(bytes_view((*row)->record)) : decide(bytes_view()));
        if (!decided) return decided.error();
        auto record = detail::record_of(decided->get());
        if (!record) return record.error();
        if (record->empty()) return decided->committed(0);
        auto saved = detail::take<bool>(store_->save(subject, *record, version));
        if (!saved) return saved.error();
        return decided->committed(*saved ? 1 : 0);
    }

    const twinlock::engine *engine_;
    twinlock::store *store_;
};

}  // inline namespace
}  // namespace twinlock

#undef TWINLOCK_HPP_IN

#endif  // TWINLOCK_HPP
