#include "winapi/journaled_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/text.hpp"
#include "winapi/file_writes.hpp"
#include "winapi/journal_records.hpp"
#include "winapi/last_error.hpp"

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
constexpr std::string_view new_mark = ".instdrv-new";
// Of instdrv before it had the names above.
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

DWORD flush_folder(const Fd& folder) {
    const Fd readable(::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return readable && ::fsync(readable.get()) == 0 ? ERROR_SUCCESS : error_of_call();
}

}  // namespace

JournaledFile::JournaledFile(Fd folder, std::string name, StateRoom& room)
    : folder_(std::move(folder)),
      name_(std::move(name)),
      journal_name_(marked(name_, journal_mark)),
      new_name_(marked(name_, new_mark)),
      room_(room) {}

bool JournaledFile::is_own_name(std::string_view name) noexcept {
    return name.find(':') != std::string_view::npos ||
           ends_with_ignoring_case(name, journal_mark) || ends_with_ignoring_case(name, new_mark);
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

bool JournaledFile::is_stale() const {
    struct stat status {};
    if (!is_read_) return true;
    if (::fstatat(folder_.get(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return static_cast<bool>(file_.fd);
    }
    return !file_.is_unchanged(status);
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
    for (;;) {
        const bool stale = is_stale();
        if (!stale && has_all_of_journal()) return ERROR_SUCCESS;
        DWORD error = stale ? read_file(reader) : ERROR_SUCCESS;
        if (error == ERROR_SUCCESS) error = read_journal(reader);
        if (error != ERROR_SUCCESS) return error;
        // Records that were folded into a new file meanwhile are no longer in the journal.
        if (!is_stale()) return ERROR_SUCCESS;
    }
}

DWORD JournaledFile::read_file(const Reader& reader) {
    Opened opened;
    std::string bytes;
    DWORD error = open(name_, O_RDONLY, opened);
    if (error == ERROR_SUCCESS && opened.fd) error = read_from(opened.fd.get(), 0, bytes);
    if (error != ERROR_SUCCESS) return error;
    file_ = std::move(opened);
    file_size_ = bytes.size();
    is_read_ = true;
    replayed_ = 0;
    reader.restart(std::as_bytes(std::span(bytes)));
    return ERROR_SUCCESS;
}

DWORD JournaledFile::read_journal(const Reader& reader) {
    struct stat status {};
    const bool exists =
        ::fstatat(folder_.get(), journal_name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (!exists) return ERROR_SUCCESS;
    if (!journal_.is(status)) {
        replayed_ = 0;
        const DWORD error = open(journal_name_, O_RDWR, journal_);
        if (error != ERROR_SUCCESS || !journal_.fd) return error;
    }
    std::string bytes;
    const DWORD error = read_from(journal_.fd.get(), replayed_, bytes);
    if (error != ERROR_SUCCESS) return error;
    const JournalRecords found = records_in(bytes);
    for (const std::string_view record : found.records)
        reader.replay(record);
    replayed_ += found.size;
    return ERROR_SUCCESS;
}

// ---- changing -----------------------------------------------------------------------------------

JournaledFile::Lock::Lock(JournaledFile& file) : file_(file), error_(file.lock_journal()) {}

JournaledFile::Lock::~Lock() {
    if (error_ == ERROR_SUCCESS) file_.unlock_journal();
}

DWORD JournaledFile::lock_journal() {
    for (;;) {
        struct stat status {};
        const auto is_current = [&] {
            return ::fstatat(folder_.get(), journal_name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) ==
                       0 &&
                   journal_.is(status);
        };
        if (!is_current()) {
            replayed_ = 0;
            const DWORD error = open(journal_name_, O_RDWR | O_CREAT, journal_);
            if (error != ERROR_SUCCESS) return error;
        }
        while (::flock(journal_.fd.get(), LOCK_EX) != 0) {
            if (errno != EINTR) return error_of_call();
        }
        // Whoever had it may have removed it.
        if (is_current()) return ERROR_SUCCESS;
    }
}

void JournaledFile::unlock_journal() {
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
    const std::string bytes = framed(record);
    const int journal = journal_.fd.get();
    const auto cut = [&] { return ::ftruncate(journal, static_cast<off_t>(replayed_)); };
    struct stat status {};
    if (::fstat(journal, &status) != 0) return error_of_call();
    const bool torn = static_cast<std::uint64_t>(status.st_size) != replayed_;
    if (torn && cut() != 0) return error_of_call();
    if (!room_.take(bytes.size())) return ERROR_DISK_FULL;
    if (const int error = write_at(journal, bytes, replayed_); error != 0) {
        (void)cut();
        room_.give_back(bytes.size());
        return error_from_errno(error);
    }
    replayed_ += bytes.size();
    return ERROR_SUCCESS;
}

DWORD JournaledFile::fold(std::span<const std::byte> content) {
    const mode_t mode = file_.fd ? file_.status.st_mode & 0777 : usual_mode;
    Opened made;
    if (const DWORD error = open(new_name_, O_RDWR | O_CREAT | O_TRUNC, made, mode);
        error != ERROR_SUCCESS) {
        return error;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(content.data()), content.size());
    int error = write_at(made.fd.get(), bytes, 0);
    if (error == 0 && ::fsync(made.fd.get()) != 0) error = full_or(errno);
    if (error == 0 && ::fstat(made.fd.get(), &made.status) != 0) error = errno;
    if (error == 0 &&
        ::renameat(folder_.get(), new_name_.c_str(), folder_.get(), name_.c_str()) != 0) {
        error = errno;
    }
    if (error != 0) {
        ::unlinkat(folder_.get(), new_name_.c_str(), 0);
        not_before_ = 2 * replayed_;
        return error_from_errno(error);
    }
    not_before_ = 0;
    file_ = std::move(made);
    file_size_ = bytes.size();
    const DWORD flushed = flush_folder(folder_);
    if (flushed != ERROR_SUCCESS) return flushed;
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
