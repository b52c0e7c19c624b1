// The layers of confine() that have sources of their own: confine_files.cpp and
// confine_process.cpp.
#pragma once

#include <cstdint>

#include "sandbox/plan.hpp"

namespace instdrv::sandbox {

// Restricts this thread to the paths of the plan, with Landlock (landlock(7)), and makes the paths
// that are to be made. Returns 0, or an errno.
int restrict_files(const Plan& plan);

// Empties all sets of capabilities of this thread, for good once no_new_privs is set. An ordinary
// user may not empty the bounding set and keeps it, but with no_new_privs nothing can be gained
// from it. Returns 0, or an errno. [the only thread]
[[nodiscard]] int drop_capabilities();

// Raises oom_score_adj of proc(5) above that of the parent, so that the kernel kills this process
// before its supervisor. Returns 0, with the new value in `score`, or an errno.
[[nodiscard]] int raise_oom_score_adj(std::int32_t& score);

}  // namespace instdrv::sandbox
