// Walks a folder that somebody else fills, perhaps to do harm.
#pragma once

#include <instdrv/error.hpp>

#include <filesystem>
#include <functional>
#include <utility>

namespace instdrv {

// How far below a folder a walk goes: each level takes a descriptor.
constexpr int deepest_walk = 64;

// Every regular file and folder below a folder, one after the other. Links are not followed; what
// is neither file nor folder is left out. A folder that does not exist has nothing.
class TreeWalk {
public:
    explicit TreeWalk(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // Null at the end, or where the walk breaks off. Valid until the next call.
    const std::filesystem::directory_entry* next();
    // Errors so far: io; unsupported, where folders are deeper: the rest is visited all the same.
    [[nodiscard]] const Status& status() const noexcept { return status_; }

private:
    const std::filesystem::path folder_;
    std::filesystem::recursive_directory_iterator at_;
    bool begun_ = false;
    Status status_;
};

// Calls `visit` with all of it, until it returns false. Errors: those of the walk's status.
Status walk_tree(const std::filesystem::path& folder,
                 const std::function<bool(const std::filesystem::directory_entry&)>& visit);

}  // namespace instdrv
