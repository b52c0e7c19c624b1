// The folder below which everything lies that outlasts a process: the drivers' state folders
// (state_folders.hpp) and a session's record.
#pragma once

#include <instdrv/error.hpp>

#include <filesystem>

#include "base/fd.hpp"

namespace instdrv {

// The value of an environment variable; empty where it is not set.
std::filesystem::path path_in_environment(const char* name);

// `chosen`, or where that is empty instdrv/ in $XDG_STATE_HOME, else in ~/.local/state, else in
// $XDG_RUNTIME_DIR, which lasts until the user logs out. Fails with io where none of them is set: a
// folder that everybody may write to is no place to keep anything.
// https://specifications.freedesktop.org/basedir-spec/latest/
Result<std::filesystem::path> state_root(const std::filesystem::path& chosen);

// What becomes of a folder that is not there.
enum class MissingFolder {
    made,  // for this user alone
    left,  // there is no descriptor then, and no error
};

// Opens the root. Fails with io where it is a link, belongs to another user, or others may write to
// it.
Result<Fd> open_state_root(const std::filesystem::path& root,
                           MissingFolder missing = MissingFolder::made);

// The same for a folder in one that was opened so.
Result<Fd> open_own_folder(const Fd& parent, const std::filesystem::path& name,
                           const std::filesystem::path& shown,
                           MissingFolder missing = MissingFolder::made);

}  // namespace instdrv
