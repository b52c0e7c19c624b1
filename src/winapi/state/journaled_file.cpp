#include "winapi/state/journaled_file.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/text.hpp"
#include "winapi/state/file_lock.hpp"
#include "winapi/state/journal_records.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi {
namespace {

DWORD error_of_call() { return error_from_errno(errno); }

// From `offset` to the end.
DWORD read_from(int fd, std::uint64_t offset, std::string& bytes) {
    constexpr std::size_t step = 64 << 10;
    for (std::size_t filled = 0;;) {
        bytes.resize(filled + step);
        const ssize_t got =
            ::pread(fd, bytes.data() + filled, step, static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return error_of_call();
        filled += static_cast<std::size_t>(got);
        bytes.resize(filled);
        if (got == 0) return ERROR_SUCCESS;
    }
}

// 0 or errno; a part may be written.
int write_at(int fd, std::string_view bytes, std::uint64_t offset) {
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t part = ::pwrite(fd, bytes.data() + done, bytes.size() - done,
                                      static_cast<off_t>(offset + done));
        if (part < 0 && errno != EINTR) return full_or(errno);
        if (part > 0) done += static_cast<std::size_t>(part);
    }
    return 0;
}

constexpr std::string_view journal_mark = ".instdrv-journal";
// Of instdrv before it had the name above.
constexpr std::string_view older_journal_mark = ":journal";
constexpr std::string_view older_new_mark = ":new";

std::string marked(const std::string& name, std::string_view mark) {
    return std::string(name).append(mark);
}

bool ends_with_ignoring_case(std::string_view name, std::string_view end) noexcept {
    return name.size() > end.size() &&
           equals_ignoring_case(name.substr(name.size() - end.size()), end);
}

// Where there is a journal of the newer name, the older one waits until that was folded.
void take_over_older(const Fd& folder, const std::string& name) {
    const std::string older = marked(name, older_journal_mark);
    const std::string newer = marked(name, journal_mark);
    if (::faccessat(folder.get(), older.c_str(), F_OK, 0) != 0) return;
    ::renameat2(folder.get(), older.c_str(), folder.get(), newer.c_str(), RENAME_NOREPLACE);
    ::unlinkat(folder.get(), marked(name, older_new_mark).c_str(), 0);
}

// What goes beyond its old end comes first: only that takes room, and can be taken back.
int write_tail(int fd, std::string_view content, std::size_t old_size) {
    if (content.size() <= old_size) return 0;
    const int error = write_at(fd, content.substr(old_size), old_size);
    if (error != 0) std::ignore = ::ftruncate(fd, static_cast<off_t>(old_size));
    return error;
}

int write_head(int fd, std::string_view content, std::size_t old_size) {
    if (const int error = write_at(fd, content.substr(0, old_size), 0); error != 0) return error;
    if (::ftruncate(fd, static_cast<off_t>(content.size())) != 0) return errno;
    return ::fsync(fd) == 0 ? 0 : full_or(errno);
}

// May a later write leave the same time stamp? Stamps are those of a clock that ticks, every 10 ms
// at the slowest on Linux; those without fractions are of FAT, which has 2 s, and of its like.
bool is_young(const timespec& stamp) {
    using namespace std::chrono;
    const nanoseconds written = seconds(stamp.tv_sec) + nanoseconds(stamp.tv_nsec);
    const nanoseconds age = system_clock::now().time_since_epoch() - written;
    return age < (stamp.tv_nsec == 0 ? milliseconds(2500) : milliseconds(25));
}

DWORD flush_folder(const Fd& folder) {
    const Fd readable(::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return readable && ::fsync(readable.get()) == 0 ? ERROR_SUCCESS : error_of_call();
}

}  // namespace

JournaledFile::JournaledFile(Fd folder, std::string name, StateRoom& room)
    : folder_(std::move(folder)),
      name_(std::move(name)),
      journal_name_(marked(name_, journal_mark)),
      room_(room) {}

bool JournaledFile::is_own_name(std::string_view name) noexcept {
    return name.find(':') != std::string_view::npos || ends_with_ignoring_case(name, journal_mark);
}

bool JournaledFile::is_long() const noexcept {
    return replayed_ > std::max({long_journal, file_size_, not_before_});
}

bool JournaledFile::has_journal(const Fd& folder, const std::string& name) {
    take_over_older(folder, name);
    return ::faccessat(folder.get(), marked(name, journal_mark).c_str(), F_OK, 0) == 0;
}

bool JournaledFile::exists() const {
    struct stat status {};
    return ::fstatat(folder_.get(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

bool JournaledFile::Opened::is(const struct stat& now) const noexcept {
    return fd && now.st_dev == status.st_dev && now.st_ino == status.st_ino;
}

bool JournaledFile::Opened::is_unchanged(const struct stat& now) const noexcept {
    return is(now) && now.st_size == status.st_size &&
           now.st_mtim.tv_sec == status.st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == status.st_mtim.tv_nsec;
}

// ---- reading ------------------------------------------------------------------------------------

bool JournaledFile::is_changed() const {
    struct stat status {};
    if (::fstatat(folder_.get(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return static_cast<bool>(file_.fd);
    }
    return !file_.is_unchanged(status);
}

bool JournaledFile::is_at(const std::string& name, const Opened& opened) const {
    struct stat status {};
    return ::fstatat(folder_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           opened.is(status);
}

bool JournaledFile::has_all_of_journal() const {
    struct stat status {};
    return ::fstatat(folder_.get(), journal_name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           journal_.is(status) && static_cast<std::uint64_t>(status.st_size) == replayed_;
}

// A file that is not there is none, and no error.
DWORD JournaledFile::open(const std::string& name, int flags, Opened& opened, mode_t mode) const {
    opened = {};
    Fd fd(::openat(folder_.get(), name.c_str(), flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode));
    struct stat status {};
    if (!fd) return errno == ENOENT && (flags & O_CREAT) == 0 ? ERROR_SUCCESS : error_of_call();
    if (::fstat(fd.get(), &status) != 0) return error_of_call();
    if (!S_ISREG(status.st_mode)) return ERROR_ACCESS_DENIED;
    opened = {.fd = std::move(fd), .status = status};
    return ERROR_SUCCESS;
}

DWORD JournaledFile::catch_up(const Reader& reader) {
    if (!folder_) return ERROR_SUCCESS;
    take_over_older(folder_, name_);
    bool stale = !is_read_ || is_young_ || is_changed();
    for (;;) {
        if (!stale && has_all_of_journal()) return ERROR_SUCCESS;
        const DWORD error = stale ? read_all(reader) : read_journal(reader, nullptr);
        if (error != ERROR_SUCCESS) return error;
        // Records that were folded meanwhile are no longer in the journal.
        stale = !is_read_ || is_changed();
        if (!stale) return ERROR_SUCCESS;
    }
}

DWORD JournaledFile::read_all(const Reader& reader) {
    Opened opened;
    const DWORD error = open(name_, O_RDONLY, opened);
    if (error != ERROR_SUCCESS) return error;
    if (!opened.fd) return read_all(reader, opened);
    // A fold writes to the file and removes the journal under a lock of the other kind.
    const FileLock lock(opened.fd.get(), LOCK_SH);
    return read_all(reader, opened);
}

DWORD JournaledFile::read_all(const Reader& reader, Opened& opened) {
    std::string bytes;
    is_read_ = false;
    if (opened.fd) {
        if (::fstat(opened.fd.get(), &opened.status) != 0) return error_of_call();
        is_young_ = is_young(opened.status.st_mtim);
        const DWORD error = read_from(opened.fd.get(), 0, bytes);
        if (error != ERROR_SUCCESS) return error;
    } else {
        is_young_ = false;
    }
    file_ = std::move(opened);
    file_size_ = bytes.size();
    replayed_ = 0;
    const DWORD error = read_journal(reader, &bytes);
    is_read_ = error == ERROR_SUCCESS;
    return error;
}

// Makes the journal that is there now the one that is read.
DWORD JournaledFile::open_journal(int flags) {
    // What of the old one was replayed is in the file now, with what may have come after it.
    if (replayed_ > 0) is_read_ = false;
    replayed_ = 0;
    return open(journal_name_, flags, journal_);
}

// `file`: what the reader starts with, unless the journal has the whole content.
DWORD JournaledFile::read_journal(const Reader& reader, const std::string* file) {
    if (!is_at(journal_name_, journal_)) {
        const DWORD error = open_journal(O_RDWR);
        if (error != ERROR_SUCCESS) return error;
    }
    std::string bytes;
    if (journal_.fd) {
        const DWORD error = read_from(journal_.fd.get(), replayed_, bytes);
        if (error != ERROR_SUCCESS) return error;
    }
    const auto [records, size, before_last] = records_in(bytes);
    const auto last = std::find_if(records.rbegin(), records.rend(),
                                   [](const JournalRecord& record) { return record.is_content; });
    const auto restart = [&](std::string_view content) {
        reader.restart(std::as_bytes(std::span(content)));
    };
    if (last != records.rend()) {
        restart(last->bytes);
    } else if (file != nullptr) {
        restart(*file);
    }
    for (auto record = last.base(); record != records.end(); ++record)
        reader.replay(record->bytes);
    // Who wrote the whole content at the end may be about to take it back.
    const bool may_go = !is_locked_ && !records.empty() && records.back().is_content;
    replayed_ += may_go ? before_last : size;
    return ERROR_SUCCESS;
}

// ---- changing -----------------------------------------------------------------------------------

JournaledFile::Lock::Lock(JournaledFile& file) : file_(file), error_(file.lock_journal()) {}

JournaledFile::Lock::~Lock() {
    if (error_ == ERROR_SUCCESS) file_.unlock_journal();
}

DWORD JournaledFile::lock_journal() {
    for (;;) {
        if (!is_at(journal_name_, journal_)) {
            const DWORD error = open_journal(O_RDWR | O_CREAT);
            if (error != ERROR_SUCCESS) return error;
        }
        while (::flock(journal_.fd.get(), LOCK_EX) != 0) {
            if (errno != EINTR) return error_of_call();
        }
        // Whoever had it may have removed it.
        if (is_at(journal_name_, journal_)) {
            is_locked_ = true;
            return ERROR_SUCCESS;
        }
    }
}

void JournaledFile::unlock_journal() {
    is_locked_ = false;
    if (!journal_.fd) return;
    struct stat status {};
    const bool empty = ::fstat(journal_.fd.get(), &status) == 0 && status.st_size == 0;
    if (empty) {
        ::unlinkat(folder_.get(), journal_name_.c_str(), 0);
        journal_ = {};
    } else {
        ::flock(journal_.fd.get(), LOCK_UN);
    }
}

DWORD JournaledFile::begin_empty() {
    const DWORD error = drop_journal();
    Opened made;
    return error != ERROR_SUCCESS ? error : open(name_, O_WRONLY | O_CREAT, made);
}

// The end of the Lock removes a journal that is empty.
DWORD JournaledFile::drop_journal() {
    if (::ftruncate(journal_.fd.get(), 0) != 0) return error_of_call();
    replayed_ = 0;
    is_read_ = false;
    return ERROR_SUCCESS;
}

DWORD JournaledFile::append(std::string_view record) {
    const bool may_write = ::faccessat(folder_.get(), name_.c_str(), W_OK, 0) == 0;
    if (!may_write && errno != ENOENT) return error_of_call();
    const std::string bytes = framed({record});
    if (!room_.take(bytes.size())) return ERROR_DISK_FULL;
    const DWORD error = append_framed(bytes);
    if (error != ERROR_SUCCESS) room_.give_back(bytes.size());
    return error;
}

DWORD JournaledFile::append_framed(std::string_view bytes) {
    const int journal = journal_.fd.get();
    const auto cut = [&] { return ::ftruncate(journal, static_cast<off_t>(replayed_)); };
    struct stat status {};
    if (::fstat(journal, &status) != 0) return error_of_call();
    const bool torn = static_cast<std::uint64_t>(status.st_size) != replayed_;
    if (torn && cut() != 0) return error_of_call();
    if (const int error = write_at(journal, bytes, replayed_); error != 0) {
        (void)cut();
        return error_from_errno(error);
    }
    replayed_ += bytes.size();
    return ERROR_SUCCESS;
}

DWORD JournaledFile::fold(const Reader& reader) {
    for (;;) {
        Opened opened;
        DWORD error = open(name_, O_RDWR | O_CREAT, opened);
        if (error != ERROR_SUCCESS) return error;
        const FileLock lock(opened.fd.get(), LOCK_EX);
        if (lock.error() != 0) return error_from_errno(lock.error());
        error = read_all(reader, opened);  // with what was written to it until now
        if (error != ERROR_SUCCESS) return error;
        // Another one may have taken its place, here or because the reader could not read it.
        if (is_at(name_, file_)) return fold_into_file(reader.content());
    }
}

DWORD JournaledFile::fold_into_file(std::string_view content) {
    const std::uint64_t before = replayed_;
    const std::size_t old_size = file_size_;
    const int file = file_.fd.get();
    const auto failed = [&](DWORD error) {
        not_before_ = 2 * before;
        return error;
    };
    DWORD error = append_framed(framed({content, true}));
    if (error == ERROR_SUCCESS) error = flush();
    if (error == ERROR_SUCCESS) error = error_from_errno(write_tail(file, content, old_size));
    if (error != ERROR_SUCCESS) {
        if (::ftruncate(journal_.fd.get(), static_cast<off_t>(before)) == 0) replayed_ = before;
        return failed(error);
    }
    is_young_ = true;
    file_size_ = content.size();
    if (const int wrong = write_head(file, content, old_size); wrong != 0) {
        return failed(error_from_errno(wrong));
    }
    if (::fstat(file, &file_.status) != 0) return failed(error_of_call());
    not_before_ = 0;
    ::unlinkat(folder_.get(), journal_name_.c_str(), 0);
    journal_ = {};
    replayed_ = 0;
    return ERROR_SUCCESS;
}

DWORD JournaledFile::flush() const {
    if (!journal_.fd) return ERROR_SUCCESS;
    if (::fsync(journal_.fd.get()) != 0) return error_of_call();
    return flush_folder(folder_);
}

}  // namespace instdrv::winapi
