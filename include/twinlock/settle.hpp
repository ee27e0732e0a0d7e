// The loop: load, decide, write if nobody else did, commit; from the start again where the write was lost.
#ifndef TWINLOCK_SETTLE_HPP
#define TWINLOCK_SETTLE_HPP

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include <twinlock.h>
#include <twinlock/error.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/native.hpp>
#include <twinlock/pending.hpp>
#include <twinlock/store.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

namespace detail {

// How often a call is tried before it is refused.
constexpr unsigned attempts = 8;

// Up to 4 ms for each attempt that was lost, at random so that those who collided part.
inline std::chrono::microseconds backoff(unsigned attempt)
{
    auto time = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    std::uint64_t thread = std::hash<std::thread::id>()(std::this_thread::get_id());
    std::uint64_t mixed = (time ^ thread) * 0x9E3779B97F4A7C15u;
    return std::chrono::microseconds(16) * (attempt * static_cast<unsigned>(mixed >> 56));
}

// Does it once, and again while the write was lost to somebody faster. Nothing was told and nothing counted where
// that never ends.
template <class T, class Once>
result<T> repeated(store &store, Once once)
{
    for (unsigned attempt = 1;; attempt++) {
        result<T> verdict = once();
        if (verdict || verdict.error().status() != TWINLOCK_E_COMMIT_LOST) return verdict;
        if (attempt == attempts) return failure(TWINLOCK_R_CONTENDED, 1);
        store.pause(backoff(attempt));
    }
}

// What is stored; empty with version 0 where nothing is. No store hears of a text that can be nobody's subject.
inline result<stored_record> loaded(store &store, std::string_view key)
{
    auto checked = done(twinlock_subject_check, key);
    if (!checked) return checked.error();
    auto row = take<std::optional<stored_record>>(store.load(key));
    if (!row) return row.error();
    return std::move(*row).value_or(stored_record());
}

// Decides once on what is stored. The verdict stays closed until the store has taken the record.
template <class T, class Decide, class Save>
result<T> settled_once(store &store, std::string_view key, Decide decide, Save save)
{
    auto row = loaded(store, key);
    if (!row) return row.error();
    auto decided = take<pending<T>>(decide(bytes_view(row->record)));
    if (!decided) return decided.error();
    auto record = record_of(decided->get());
    if (!record) return record.error();
    if (record->empty()) return decided->committed(0);
    auto saved = take<bool>(save(*decided, *record, row->version));
    if (!saved) return saved.error();
    return decided->committed(*saved ? 1 : 0);
}

// The same until it is won. `save` writes what the verdict wants to be stored.
template <class T, class Decide, class Save>
result<T> settled(store &store, std::string_view key, Decide decide, Save save)
{
    return repeated<T>(store, [&] { return settled_once<T>(store, key, decide, save); });
}

template <class T, class Decide>
result<T> settled(store &store, std::string_view key, Decide decide)
{
    return settled<T>(store, key, decide, [&](const pending<T> &, bytes_view record, std::uint64_t version) {
        return store.save(key, record, version);
    });
}

}  // namespace detail

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_SETTLE_HPP
