// What the entries of RaiseException and RtlRaiseException go to, with the registers that their
// caller will see when they return.
#pragma once

#include "winapi/ntdll/exception.hpp"

namespace instdrv::winapi {

extern "C" [[noreturn]] void instdrv_raise(const pe::Context* context, DWORD code, DWORD flags,
                                           DWORD count, const std::uintptr_t* parameters);
extern "C" [[noreturn]] void instdrv_raise_record(const pe::Context* context,
                                                  ExceptionRecord* record);

}  // namespace instdrv::winapi
