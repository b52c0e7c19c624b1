// Calls the language handlers of frames of x86-64 code, and unwinds frames.
//
// https://learn.microsoft.com/cpp/build/exception-handling-x64
#pragma once

#include <cstdint>

#include "winapi/exceptions/exception.hpp"

namespace instdrv::winapi {

// A row of an image's exception directory, as it lies in memory.
struct FunctionEntry {
    DWORD begin;
    DWORD end;
    DWORD unwind_info;
};

struct DispatcherContext {
    std::uint64_t control_pc;
    std::uint64_t image_base;
    const FunctionEntry* function;
    std::uint64_t establisher_frame;
    std::uint64_t target_ip;
    pe::Context* context;
    const void* handler;
    const void* handler_data;
    void* history;
    DWORD scope_index;
    DWORD fill;
};
static_assert(sizeof(DispatcherContext) == 80);

using LanguageHandler = Disposition(WINCALL*)(ExceptionRecord*, void* establisher_frame,
                                              pe::Context*, DispatcherContext*);
// Unwinds from where `context` is to the frame `target_frame` and goes on there at `target_ip` with
// `return_value` in RAX.
[[noreturn]] void unwind_to(std::uint64_t target_frame, std::uint64_t target_ip,
                            ExceptionRecord* record, std::uint64_t return_value,
                            const pe::Context& context);

// __C_specific_handler: the handler of the C and C++ compilers' __try, __except and __finally.
Disposition WINFN c_specific_handler(ExceptionRecord* record, void* establisher_frame,
                                     pe::Context* context, DispatcherContext* dispatcher);

}  // namespace instdrv::winapi
