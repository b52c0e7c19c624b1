// The assembly functions of exception handling that read or set registers, in
// exception_entry_x86_64.S.
#pragma once

#include "winapi/exceptions/unwind_x86_64.hpp"

extern "C" {

// Exported to PE code as they are.
void instdrv_RtlCaptureContext();
void instdrv_RaiseException();
void instdrv_RtlRaiseException();
void instdrv_RtlUnwindEx();

// Goes on with these registers. Writes the 24 bytes below their stack pointer.
[[noreturn]] void instdrv_restore_context(instdrv::pe::Context* context) noexcept;

// Calls a PE function in the Windows convention, in a frame that a stack walk recognises: where a
// walk arrives at instdrv_handler_returned, `activity` lies 32 bytes above the stack pointer.
std::uintptr_t instdrv_call_handler(std::uintptr_t a, std::uintptr_t b, std::uintptr_t c,
                                    std::uintptr_t d, const void* function, const void* activity);
extern const char instdrv_handler_returned[];
}

namespace instdrv::winapi {

constexpr std::uint64_t activity_offset = 32;

// Called by RtlUnwindEx with the registers that its caller will see when it returns.
extern "C" [[noreturn]] void instdrv_unwind(const pe::Context* context, std::uint64_t target_frame,
                                            std::uint64_t target_ip, ExceptionRecord* record,
                                            std::uint64_t return_value);

}  // namespace instdrv::winapi
