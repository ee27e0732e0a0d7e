// Where records are kept: the interface that a host implements, and a store in memory.
#ifndef TWINLOCK_STORE_HPP
#define TWINLOCK_STORE_HPP

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <twinlock/error.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/results.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

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

// A store that keeps the states of sessions, too, and takes a new one in the transaction of a record.
class joint_store : public store {
public:
    // As save and, where that took, stores the session's state under its id in the same transaction.
    virtual returns<bool> save_with_session(std::string_view subject, bytes_view record,
                                            std::uint64_t expected_version, const new_session &session) = 0;
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

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_STORE_HPP
