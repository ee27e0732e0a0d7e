// What the library tells as JSON, read into structs: what it writes, and no other JSON.
//
// A struct says by `fill` what members it has. A text in which one is missing or comes twice is a failure; one that a
// newer library tells beside them is passed over.
#ifndef TWINLOCK_JSON_HPP
#define TWINLOCK_JSON_HPP

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <twinlock/mode.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {
namespace detail {

// Reads one value after the other. Behind the first that is not there nothing is left to be read.
class json_reader {
public:
    explicit json_reader(std::string_view text) noexcept : rest_(text) {}

    // Whether all that was asked for was there, and nothing else.
    bool finished() const noexcept { return !failed_ && rest_.empty(); }

    template <class T>
    void value(T &out)
    {
        if constexpr (std::is_same_v<T, bool>) {
            out = taken("true");
            if (!out) expect("false");
        } else if constexpr (std::is_integral_v<T>) {
            auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
            if (error != std::errc()) return fail();
            rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        } else {
            object(out);
        }
    }

    void value(std::string &out)
    {
        expect("\"");
        for (out.clear(); !failed_ && !taken("\"");) {
            char character = next();
            if (static_cast<unsigned char>(character) < ' ') return fail();
            out += character == '\\' ? escaped() : character;
        }
    }

    template <class T>
    void value(std::optional<T> &out)
    {
        if (!taken("null")) value(out.emplace());
    }

    template <class T>
    void value(std::vector<T> &out)
    {
        expect("[");
        if (taken("]")) return;
        do value(out.emplace_back());
        while (taken(","));
        expect("]");
    }

    // For `fill`: reads the member at hand if this is its name.
    template <class T>
    void member(std::string_view name, T &out)
    {
        std::uint32_t own = std::exchange(at_.next, at_.next << 1);
        if (name != at_.name) return;
        if ((at_.seen & own) != 0) return fail();
        at_.seen |= own;
        value(out);
    }

private:
    // Where in an object: at which member; as bits, which one `fill` asks for next and which were there.
    struct place {
        std::string name;
        std::uint32_t next = 1, seen = 0;
    };

    template <class T>
    void object(T &out)
    {
        place around = std::exchange(at_, place());
        expect("{");
        do {
            value(at_.name);
            expect(":");
            auto before = at_.seen;
            at_.next = 1;
            fill(*this, out);
            if (at_.seen == before) pass_over();
        } while (taken(","));
        expect("}");
        if (at_.seen + 1 != at_.next) fail();
        at_ = std::move(around);
    }

    // To what stands behind a value, whatever is in it.
    void pass_over()
    {
        for (std::size_t depth = 0; depth > 0 || rest_.find_first_of(",}") != 0;) {
            if (rest_.empty()) return fail();
            if (std::string text; rest_.front() == '"') {
                value(text);
                continue;
            }
            char character = next();
            depth += character == '{' || character == '[';
            depth -= character == '}' || character == ']';
        }
    }

    // What a backslash stands before. By number come control characters alone.
    char escaped() noexcept
    {
        constexpr std::string_view letters = "\"\\bfnrt", meant = "\"\\\b\f\n\r\t", digits = "0123456789abcdef";
        bool by_number = taken("u00");
        auto high = by_number ? digits.find(next()) : 0, low = (by_number ? digits : letters).find(next());
        if (high > 1 || low == digits.npos) return fail(), '\0';
        return by_number ? static_cast<char>(high * 16 + low) : meant[low];
    }

    char next() noexcept
    {
        char character = rest_.empty() ? '\0' : rest_.front();
        rest_.empty() ? fail() : rest_.remove_prefix(1);
        return character;
    }

    bool taken(std::string_view word) noexcept
    {
        bool is_there = rest_.substr(0, word.size()) == word;
        if (is_there) rest_.remove_prefix(word.size());
        return is_there;
    }

    void expect(std::string_view word) noexcept { taken(word) ? void() : fail(); }
    void fail() noexcept { failed_ = true, rest_ = {}; }

    std::string_view rest_;
    bool failed_ = false;
    place at_;
};

}  // namespace detail
}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_JSON_HPP
