// Converts a thread's registers between the layouts of signal handlers and of Windows. Defined in
// fault_registers_<machine>.cpp.
#pragma once

#include <cstdint>

#include <ucontext.h>

#include "winapi/exceptions/exception.hpp"

namespace instdrv::winapi {

enum class Access : std::uint8_t { read = 0, write = 1, execute = 8 };  // as Windows numbers them

pe::Context windows_context(const ucontext_t& context) noexcept;
Access faulting_access(const ucontext_t& context) noexcept;

std::uintptr_t code_pointer(const ucontext_t& context) noexcept;
std::uintptr_t stack_pointer(const ucontext_t& context) noexcept;
// Takes the code back by the bytes of an instruction that reported itself after it had run.
void step_back(pe::Context& context, unsigned bytes) noexcept;

// Makes the signal handler return to `function`, as if it were called with `argument` by code whose
// stack pointer is `stack`.
void redirect(ucontext_t& context, void (*function)(void*), void* argument,
              std::uintptr_t stack) noexcept;

}  // namespace instdrv::winapi
