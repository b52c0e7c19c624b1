// Calls into PE code that can be broken off.
//
// PE code is entered through guarded_call alone. It converts the calling convention and keeps a
// checkpoint. break_off, called from anywhere below (a missing import, ExitProcess), throws the
// frames in between away and makes the innermost guarded_call of this thread return the Error. The
// frames' destructors do not run, so no code that calls into PE code may hold a lock or own memory
// it cannot lose.
//
// The floating-point control words are the thread's (control_words.hpp): guarded_call neither sets
// nor restores them. Changes of code that returns stay in force on the thread, as on Windows; both
// conventions forbid unrequested changes. After a call that was broken off they are what
// reset_floats_after_break says. On amd64 guarded_call also trusts PE code to leave the x87 empty
// (no MMX in use) and the direction flag clear, as both conventions demand. On i386, where many
// codecs use MMX, it restores both.
//
// The thread must have been prepared (Environment::prepare_thread) before.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>

namespace instdrv::pe {

using Word = std::uintptr_t;

struct GuardedResult {
    Word value = 0;
    const Error* broken =
        nullptr;  // null: the code returned; else valid until the next on this thread
};

// Calls `function` in the Windows convention (ms_abi on x86-64, stdcall on i386) with up to five
// word arguments. On i386 all five are on the stack, and it does not matter how many the function
// takes off.
GuardedResult guarded_call(const void* function, Word a = 0, Word b = 0, Word c = 0, Word d = 0,
                           Word e = 0) noexcept;

// Does not return. Outside of any guarded_call the program is broken: terminates it.
[[noreturn]] void break_off(Error error) noexcept;

#if defined(__i386__)
// Where the calling thread's chain of exception handlers begins (the TEB's ExceptionList), null for
// none. A guarded_call begins an empty chain and puts the caller's back.
void set_handler_chain(void** begin) noexcept;
#endif

// Is this thread inside a guarded_call?
bool inside_guarded_call() noexcept;

}  // namespace instdrv::pe
