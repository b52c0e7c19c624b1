// Dispatches to and unwinds frames of i386 code that handle exceptions. A function with handlers
// keeps a registration on its stack and chains it to the TEB's ExceptionList while it runs, so the
// innermost comes first.
//
// https://learn.microsoft.com/windows/win32/debug/structured-exception-handling
// https://en.wikipedia.org/wiki/Microsoft-specific_exception_handling_mechanisms#SEH
#pragma once

#include "winapi/exceptions/exception.hpp"

namespace instdrv::winapi {

struct Registration;

// Asked with the exception, its own registration, the registers where it was raised, and where to
// put the registration that a nested or collided walk was at. cdecl.
using FrameHandler = Disposition (*)(ExceptionRecord*, Registration*, pe::Context*, Registration**);

struct Registration {
    Registration* next;
    FrameHandler handler;
};

// What the `next` of the outermost registration is.
inline Registration* end_of_chain() noexcept { return reinterpret_cast<Registration*>(-1); }

// The innermost registration of the calling thread. [thread prepared]
Registration* innermost_registration() noexcept;

// Lets the handlers of all registrations inside of `target` clean up and takes them off the chain;
// with null, of all that there are. `record` null: STATUS_UNWIND. Breaks the call off where
// `target` is not on the chain or the chain is broken.
void unwind_to(Registration* target, ExceptionRecord* record, pe::Context& context);

// _local_unwind2: runs the __finally blocks of a frame of _except_handler3 from the innermost open
// level outwards, up to the level `stop`.
void local_unwind(Registration* frame, LONG stop);

}  // namespace instdrv::winapi
