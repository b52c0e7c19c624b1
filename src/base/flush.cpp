#include "base/flush.hpp"

#include <cerrno>
#include <cstdint>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/first_failure.hpp"

namespace instdrv {
namespace {

namespace fs = std::filesystem;

// What is gone by now, or has become a link, is no longer what was written.
Status flush_one(const fs::path& path) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!fd)
        return errno == ENOENT || errno == ELOOP ? Status()
                                                 : failure(io_error("flush", path, errno));
    if (::fsync(fd.get()) != 0) return failure(io_error("flush", path, errno));
    return {};
}

// Writing it may take as long as all the rest.
bool is_large(const fs::path& file) {
    constexpr std::uint64_t block = 512;  // of st_blocks, stat(2)
    constexpr std::uint64_t large = std::uint64_t{16} << 20;
    struct stat facts {};
    return ::lstat(file.c_str(), &facts) == 0 && S_ISREG(facts.st_mode) &&
           static_cast<std::uint64_t>(facts.st_blocks) * block > large;
}

}  // namespace

Status flush_entries(const fs::path& folder) { return flush_one(folder); }

bool TreeFlush::go_on_with_small(TimePoint until) {
    while (!walked_ && std::chrono::steady_clock::now() < until) {
        const auto* const entry = walk_.next();
        if (entry == nullptr) {
            walked_ = true;
        } else if (is_large(entry->path())) {
            large_.push_back(entry->path());
        } else {
            keep_first_failure(status_, flush_one(entry->path()));
        }
    }
    return walked_;
}

bool TreeFlush::go_on_with_large(TimePoint until) {
    while (!done_ && std::chrono::steady_clock::now() < until) {
        done_ = large_.empty();
        keep_first_failure(status_, flush_one(done_ ? folder_ : large_.back()));
        if (!done_) large_.pop_back();
    }
    return done_;
}

Status TreeFlush::status() const {
    Status first = status_;
    keep_first_failure(first, Status(walk_.status()));
    if (!done_) {
        keep_first_failure(first,
                           failure(Error{.code = ErrorCode::timed_out,
                                         .operation = "flush " + folder_.string(),
                                         .cause = "there was no time for all of its files"}));
    }
    return first;
}

Status flush_tree(const fs::path& folder, std::chrono::steady_clock::time_point until) {
    TreeFlush flush(folder);
    if (flush.go_on_with_small(until)) flush.go_on_with_large(until);
    return flush.status();
}

}  // namespace instdrv
