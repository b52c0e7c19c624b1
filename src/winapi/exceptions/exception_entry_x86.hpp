// The assembly functions of exception handling that read or set registers, in
// exception_entry_x86.S.
#pragma once

#include "winapi/exceptions/unwind_x86.hpp"

extern "C" {

// Exported to PE code as they are.
void instdrv_RtlCaptureContext();
void instdrv_RaiseException();
void instdrv_RtlRaiseException();
void instdrv_RtlUnwind();

// Goes on with these registers, and with `floats` (what fxsave stores, 16-byte aligned) where it is
// not null. Writes the 12 bytes below their stack pointer.
[[noreturn]] void instdrv_restore_context(instdrv::pe::Context* context,
                                          const void* floats) noexcept;

// Calls code of a function's filter or __finally, which has EBP of that function and returns.
std::uintptr_t instdrv_call_in_frame(void* ebp, const void* code);
// Goes to the code of an __except block, which sets its stack pointer by EBP.
[[noreturn]] void instdrv_go_to_frame(void* ebp, const void* code) noexcept;
}

namespace instdrv::winapi {

// Called by RtlUnwind with the registers that its caller will see.
extern "C" void instdrv_unwind(pe::Context* context, Registration* target, ExceptionRecord* record);

}  // namespace instdrv::winapi
