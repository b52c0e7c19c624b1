// Confines this process for the rest of its life. A worker does so before it reads the first byte
// of a driver.
//
// Needs no privileges and no user namespaces, because it only gives up rights. Depends on libc
// alone, like everything that is built into a worker.
//
// Afterwards a system call that the plan does not allow raises SIGSYS in the thread that made it
// (siginfo_t: si_syscall, si_arch). Without a handler that ends the process; a handler can report
// the number, which sandbox/syscalls.hpp turns into a name and into what would allow it. Returning
// from the handler makes the call fail; it is never carried out.
#pragma once

#include <cstddef>
#include <span>

#include "sandbox/report.hpp"

namespace instdrv::sandbox {

// Puts on all layers of the plan, in the order of Layer, and stops at the first that fails and
// has to hold (may_fail). Unless
// the report says `confined`, the process is half confined: send the report and end.
//
// kept: the descriptors that stay open. Every other one is closed. Each is a weakness if it leads
// to anything shared: hand the worker pipes and a socket pair of its own (of SOCK_SEQPACKET or
// SOCK_STREAM: a datagram socket can address others), never the user's terminal. The process's
// environment is emptied in place but for the variables of the plan. SIGXFSZ is ignored afterwards,
// so that a write over the limit of file size fails with EFBIG. [before any second thread is
// started]
[[nodiscard]] ConfinementReport confine(std::span<const std::byte> plan, std::span<const int> kept);

}  // namespace instdrv::sandbox
