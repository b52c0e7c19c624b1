#include "base/flush.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/keep_first.hpp"
#include "base/tree_walk.hpp"

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
    Status done;
    auto walked = walk_tree(folder, [&](const fs::directory_entry& entry) {
        if (std::chrono::steady_clock::now() > until) {
            done = failure({.code = ErrorCode::timed_out,
                            .operation = "flush " + folder.string(),
                            .cause = "there was no time for all of its files"});
            return false;
        }
        keep_first(done, flush_one(entry.path()));
        return true;
    });
    keep_first(done, std::move(walked));
    keep_first(done, flush_one(folder));
    return done;
}

}  // namespace instdrv
