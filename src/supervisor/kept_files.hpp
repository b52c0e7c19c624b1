// Compares what a driver keeps in its state folder with what it may keep there.
//
// Within a session only the disk bounds a state folder: a worker writes there by system calls of
// its own, and the kernel does not count files by folder. So a driver that kept too much is not
// loaded the next time.
#pragma once

#include <instdrv/error.hpp>

#include "core/module_loader.hpp"

namespace instdrv::supervisor {

// Errors: busy, where there is more than `most_files` or `state_limit` allows; those of walk_tree.
// A driver within its bounds has nothing to pay but a look at each of its files.
Status check_kept_files(const core::ModuleRequest& request);

}  // namespace instdrv::supervisor
