// Applies the layer of files: Landlock, landlock(7). A part of confine().
#pragma once

#include "sandbox/plan.hpp"

namespace instdrv::sandbox {

// Restricts this thread to the paths of the plan. An errno; 0: done. Paths that are to be made are
// made on the way.
int restrict_files(const Plan& plan);

}  // namespace instdrv::sandbox
