// What goes wrong and how it is told: failure, result, and the exceptions where there are any.
#ifndef TWINLOCK_ERROR_HPP
#define TWINLOCK_ERROR_HPP

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <twinlock.h>
#include <twinlock/mode.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

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

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_ERROR_HPP
