// Making durable what somebody else wrote.
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <filesystem>

namespace instdrv {

// Flushes every regular file and folder in a folder, and it itself (fsync(2)); links are not
// followed. A folder that does not exist is flushed. After an error the rest is flushed all the
// same. Errors: those of walk_tree; timed_out, where `until` passes first: whoever wrote may have
// written without end.
Status flush_tree(const std::filesystem::path& folder, std::chrono::steady_clock::time_point until);

// Flushes which entries a folder has, and nothing of what is in them. One that does not exist is
// flushed.
Status flush_entries(const std::filesystem::path& folder);

}  // namespace instdrv
