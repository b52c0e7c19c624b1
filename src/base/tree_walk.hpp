// What lies in a folder that somebody else fills, who may fill it to do harm.
#pragma once

#include <instdrv/error.hpp>

#include <filesystem>
#include <functional>

namespace instdrv {

// How far below a folder walk_tree goes: each level takes a descriptor.
constexpr int deepest_walk = 64;

// Calls `visit` with every regular file and folder below `folder`, until it returns false. Links
// are not followed; what is neither file nor folder is left out. A folder that does not exist has
// nothing. Errors: io; unsupported, where folders are deeper: the rest has been visited then.
Status walk_tree(const std::filesystem::path& folder,
                 const std::function<bool(const std::filesystem::directory_entry&)>& visit);

}  // namespace instdrv
