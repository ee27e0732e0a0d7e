// The fields of verdicts, proofs, tokens and URIs, read one after the other.
#ifndef TWINLOCK_FIELDS_HPP
#define TWINLOCK_FIELDS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <twinlock.h>
#include <twinlock/error.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/native.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {
namespace detail {

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
    explicit reader(From *from, std::size_t index = 0) noexcept : from_(from), index_(index) {}

    From *from() const noexcept { return from_; }

    std::string text(std::int32_t field) { return kept(read<std::string>(field, index_)); }
    secret_string secret(std::int32_t field) { return kept(read<secret_string>(field, index_)); }

    std::optional<std::string> optional_text(std::int32_t field) { return optional<std::string>(field); }

    // Empty where there is none.
    secret_string optional_secret(std::int32_t field)
    {
        return optional<secret_string>(field).value_or(secret_string());
    }

    std::vector<std::string> texts(std::int32_t field) { return all<std::string>(field); }
    std::vector<secret_string> secrets(std::int32_t field) { return all<secret_string>(field); }

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
    template <class Text>
    result<Text> read(std::int32_t field, std::size_t index)
    {
        constexpr bool secret = std::is_same_v<Text, secret_string>;
        return written<Text>(secret ? token_room : text_room,
                             [&](char *out, std::size_t capacity, std::size_t *length) {
                                 return text_of(from_, field, index, out, capacity, length);
                             });
    }

    template <class Text>
    std::optional<Text> optional(std::int32_t field)
    {
        auto text = read<Text>(field, index_);
        if (text.error().status() == TWINLOCK_E_FIELD_UNKNOWN) return std::nullopt;
        return kept(std::move(text));
    }

    template <class Text>
    std::vector<Text> all(std::int32_t field)
    {
        std::size_t count = 0;
        check(count_of(from_, field, &count));
        std::vector<Text> texts;
        for (std::size_t index = 0; index < count; index++) texts.push_back(kept(read<Text>(field, index)));
        return texts;
    }

    template <class T>
    T kept(result<T> read)
    {
        if (read) return *std::move(read);
        check(read.error().status());
        return {};
    }

    From *from_;
    std::size_t index_;
    failure failure_{TWINLOCK_OK};
};

// Reads a T as `fill` says that it is read.
template <class T, class From>
result<T> read(From *from, std::size_t index = 0)
{
    reader<From> fields(from, index);
    T value{};
    fill(fields, value);
    return fields.finish(std::move(value));
}

}  // namespace detail
}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_FIELDS_HPP
