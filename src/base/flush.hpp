// Flushes folders and files to the disk, whoever wrote them.
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/tree_walk.hpp"

namespace instdrv {

// Flushes every regular file and folder in a folder, and it itself (fsync(2)), bit by bit; links
// are not followed. A folder that does not exist is flushed. After an error the rest is flushed all
// the same. Whoever wrote may have written without end, so each step is told when to stop; one file
// may take longer, as the kernel cannot be told to stop in it. Hence the large ones come last.
class TreeFlush {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit TreeFlush(std::filesystem::path folder) : folder_(std::move(folder)), walk_(folder_) {}

    // Goes on with all but large files. True: all of them are flushed.
    bool go_on_with_small(TimePoint until);
    // After that: goes on with large files, and then the folder itself.
    bool go_on_with_large(TimePoint until);

    // The result for what was flushed: io; unsupported, as for TreeWalk; or timed_out if not
    // everything was flushed.
    [[nodiscard]] Status status() const;

private:
    const std::filesystem::path folder_;
    TreeWalk walk_;
    std::vector<std::filesystem::path> large_;  // that are not flushed
    bool walked_ = false;
    bool done_ = false;
    Status status_;
};

// All of it, until `until`.
Status flush_tree(const std::filesystem::path& folder, std::chrono::steady_clock::time_point until);

// Flushes which entries a folder has, and nothing of what is in them. One that does not exist is
// flushed.
Status flush_entries(const std::filesystem::path& folder);

}  // namespace instdrv
