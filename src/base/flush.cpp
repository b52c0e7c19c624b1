#include "base/flush.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/keep_first.hpp"

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

}  // namespace

Status flush_entries(const fs::path& folder) { return flush_one(folder); }

Status flush_tree(const fs::path& folder, std::chrono::steady_clock::time_point until) {
    std::error_code error;
    if (fs::status(folder, error).type() == fs::file_type::not_found) return {};
    error.clear();
    Status done;
    for (auto entry = fs::recursive_directory_iterator(folder, error);
         !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        if (std::chrono::steady_clock::now() > until) {
            return failure({.code = ErrorCode::timed_out,
                            .operation = "flush " + folder.string(),
                            .cause = "there was no time for all of its files"});
        }
        std::error_code unknown;
        const auto type = entry->symlink_status(unknown).type();
        const bool counts = type == fs::file_type::regular || type == fs::file_type::directory;
        if (counts) keep_first(done, flush_one(entry->path()));
    }
    if (error) keep_first(done, failure(io_error("flush", folder, error.value())));
    keep_first(done, flush_one(folder));
    return done;
}

}  // namespace instdrv
