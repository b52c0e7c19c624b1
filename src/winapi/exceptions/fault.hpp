// Turns hardware faults of drivers' code into Windows exceptions, in a signal handler.
//
// https://learn.microsoft.com/windows/win32/debug/getexceptioncode
#pragma once

#include <ucontext.h>
#include <csignal>

namespace instdrv::winapi {

// Offers SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP of PE code to the driver's handlers: vectored
// ones, those of its frames, its unhandled filter. They run on the stack of the code once the
// signal handler has returned, not in it.
//
// True: `context` was changed so that returning from the signal handler goes on to them. Should
// none take the fault, the thread comes back to the faulting instruction, faults again, and this
// second call answers false. False: the fault is none of PE code, was sent by another process, left
// no room on the stack (it overflowed), or nobody took it; `context` is as it was. Nothing is
// broken off in any case but a handler's illegal answer.
//
// A handler that lets execution go on finds all registers as it leaves them, but for the upper
// halves of the AVX registers. [async-signal-safe on a thread in a driver call; SA_ONSTACK is
// needed for an overflowed stack]
bool dispatch_fault(int signal, const siginfo_t& info, ucontext_t& context) noexcept;

}  // namespace instdrv::winapi
