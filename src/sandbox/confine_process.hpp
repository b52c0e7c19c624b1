// Gives up the process's own rights: capabilities, and its place when memory runs short. Parts of
// confine().
#pragma once

#include <cstdint>

namespace instdrv::sandbox {

// Empties all sets of capabilities of this thread, for good once no_new_privs is set. An ordinary
// user may not empty the bounding set and keeps it, but with no_new_privs nothing can be gained
// from it. Returns 0, or an errno. [the only thread]
[[nodiscard]] int drop_capabilities();

// Raises oom_score_adj of proc(5) above that of the parent, so that the kernel kills this process
// before its supervisor. Returns 0, with the new value in `score`, or an errno.
[[nodiscard]] int be_killed_first(std::int32_t& score);

}  // namespace instdrv::sandbox
