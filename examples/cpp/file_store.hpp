// A store in a folder of one machine: one file per user, written only where its version is the expected one. Several
// programs may share the folder. It stands for your database, which does the same with
//
//     UPDATE second_factor SET record = ?, version = version + 1 WHERE subject = ? AND version = ?
//
// in a transaction of its own. For POSIX systems.
#ifndef FILE_STORE_HPP
#define FILE_STORE_HPP

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <twinlock.hpp>

[[noreturn]] inline void fail(const std::filesystem::path &path)
{
    throw std::system_error(errno, std::generic_category(), path.string());
}

// An open file, closed at the end; with it goes the lock on it.
class file {
public:
    file(std::filesystem::path path, int flags)
        : path_(std::move(path)), number_(::open(path_.c_str(), flags | O_CLOEXEC, 0600))
    {
        if (number_ < 0) fail(path_);
    }

    file(const file &) = delete;
    file &operator=(const file &) = delete;
    ~file() { ::close(number_); }

    void lock()
    {
        while (::flock(number_, LOCK_EX) != 0)
            if (errno != EINTR) fail(path_);
    }

    void write(const std::string &content)
    {
        for (std::size_t at = 0; at < content.size();) {
            auto written = ::write(number_, content.data() + at, content.size() - at);
            if (written < 0 && errno != EINTR) fail(path_);
            if (written > 0) at += static_cast<std::size_t>(written);
        }
    }

    // Not lost from here on, whatever happens to the machine.
    void sync()
    {
        if (::fsync(number_) != 0) fail(path_);
    }

private:
    std::filesystem::path path_;
    int number_;
};

class file_store : public twinlock::store {
public:
    explicit file_store(std::filesystem::path folder) : folder_(std::move(folder))
    {
        if (std::filesystem::create_directories(folder_))
            std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
    }

    std::optional<twinlock::stored_record> load(std::string_view subject) override
    {
        auto path = path_of(subject);
        if (!std::filesystem::exists(path)) return std::nullopt;
        std::ifstream from(path, std::ios::binary);
        twinlock::stored_record row;
        from >> row.version;
        if (from.get() != '\n') throw std::runtime_error("damaged: " + path.string());
        row.record.assign(std::istreambuf_iterator<char>(from), {});
        return row;
    }

    // The new file takes the place of the old one in one step: a crash leaves the one or the other.
    bool save(std::string_view subject, twinlock::bytes_view record, std::uint64_t expected_version) override
    {
        file lock(folder_ / "lock", O_RDWR | O_CREAT);
        lock.lock();
        auto row = load(subject);
        if ((row ? row->version : 0) != expected_version) return false;
        auto path = path_of(subject), anew = folder_ / "new";
        file to(anew, O_WRONLY | O_CREAT | O_TRUNC);
        to.write(std::to_string(expected_version + 1) + '\n');
        to.write(std::string(record.data(), record.data() + record.size()));
        to.sync();
        std::filesystem::rename(anew, path);
        file(folder_, O_RDONLY | O_DIRECTORY).sync();
        return true;
    }

private:
    // In hexadecimal, so that no name leads out of the folder.
    std::filesystem::path path_of(std::string_view subject) const
    {
        std::string name = "user-";
        for (char character : subject) {
            auto byte = static_cast<unsigned char>(character);
            name += {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
        }
        return folder_ / name;
    }

    std::filesystem::path folder_;
};

#endif
