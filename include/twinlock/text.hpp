// Texts and bytes: what is borrowed for a call, what is given, and secrets that wipe themselves.
#ifndef TWINLOCK_TEXT_HPP
#define TWINLOCK_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <twinlock.h>
#include <twinlock/mode.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

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

namespace detail {

// A text as bytes, and bytes as a text, for calls that take the other.
inline bytes_view octets(std::string_view text) noexcept
{
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

inline std::string_view characters(bytes_view bytes) noexcept
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

}  // namespace detail

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
    static secret_string filled(room wanted, Fill fill)
    {
        secret_string text(wanted);
        std::size_t size = fill(text.data_, text.capacity_);
        text.size_ = size <= text.capacity_ ? size : text.capacity_;
        return text;
    }

private:
    explicit secret_string(room wanted) : data_(new char[wanted.capacity]), capacity_(wanted.capacity) {}

    char *data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_TEXT_HPP
