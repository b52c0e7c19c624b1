// Gives up the process's own rights: capabilities, and its place when memory runs short. Parts of
// confine().
#pragma once

#include <cstdint>

namespace instdrv::sandbox {

// Empties all sets of capabilities of this thread, for good once no_new_privs is set. Who may not
// empty the bounding set (an ordinary user) keeps it, and with no_new_privs nothing draws from it.
// An errno; 0: done. [the only thread]
[[nodiscard]] int drop_capabilities();

// Raises oom_score_adj of proc(5) above that of who started it, so that the kernel kills this
// process before its supervisor. An errno; 0: done, and `score` is what it is now.
[[nodiscard]] int be_killed_first(std::int32_t& score);

}  // namespace instdrv::sandbox
