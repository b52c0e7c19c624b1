// Structured exceptions: the records and what raises, dispatches and unwinds them.
//
// An exception walks the frames of PE code from where it was raised, asks each frame's language
// handler, and, where one takes it, unwinds to that frame. The walk ends at the guarded_call
// through which the host entered PE code: an exception that nobody took breaks that call off.
//
// https://learn.microsoft.com/windows/win32/debug/structured-exception-handling
// https://learn.microsoft.com/cpp/build/exception-handling-x64
#pragma once

#include <cstdint>

#include "image/pe/context_x86_64.hpp"
#include "winapi/abi.hpp"

namespace instdrv::winapi {

constexpr std::size_t most_exception_parameters = 15;

struct ExceptionRecord {
    DWORD code;
    DWORD flags;
    ExceptionRecord* nested;
    const void* address;
    DWORD parameter_count;
    std::uintptr_t parameters[most_exception_parameters];
};
static_assert(sizeof(ExceptionRecord) == (sizeof(void*) == 8 ? 152 : 80));

namespace exception_flag {
constexpr DWORD noncontinuable = 0x1;
constexpr DWORD unwinding = 0x2;
constexpr DWORD exit_unwind = 0x4;
constexpr DWORD target_unwind = 0x20;
constexpr DWORD collided_unwind = 0x40;
constexpr DWORD any_unwind = unwinding | exit_unwind | target_unwind | collided_unwind;
}  // namespace exception_flag

constexpr DWORD STATUS_UNWIND = 0xC0000027;
constexpr DWORD STATUS_NONCONTINUABLE_EXCEPTION = 0xC0000025;
constexpr DWORD STATUS_INVALID_DISPOSITION = 0xC0000026;
constexpr DWORD STATUS_BAD_STACK = 0xC0000028;
constexpr DWORD STATUS_INVALID_UNWIND_TARGET = 0xC0000029;

struct ExceptionPointers {
    ExceptionRecord* record;
    pe::Context* context;
};

// What language handlers, vectored handlers and filters answer.
enum class Disposition : int { continue_execution, continue_search, nested, collided_unwind };
constexpr LONG EXCEPTION_CONTINUE_EXECUTION = -1;
constexpr LONG EXCEPTION_CONTINUE_SEARCH = 0;
constexpr LONG EXCEPTION_EXECUTE_HANDLER = 1;

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
using VectoredHandler = LONG(WINCALL*)(ExceptionPointers*);

// Dispatches an exception raised where `context` is. Does not return: execution goes on where a
// handler says, or the driver's call ends.
[[noreturn]] void dispatch_exception(ExceptionRecord& record, const pe::Context& context);

// Unwinds from where `context` is to the frame `target_frame` and goes on there at `target_ip` with
// `return_value` in RAX.
[[noreturn]] void unwind_to(std::uint64_t target_frame, std::uint64_t target_ip,
                            ExceptionRecord* record, std::uint64_t return_value,
                            const pe::Context& context);

// Asks the vectored handlers, first to last. True: one wants execution to go on.
bool ask_vectored_handlers(ExceptionPointers& exception);
// Asks the filter that SetUnhandledExceptionFilter set, if there is one.
LONG ask_unhandled_filter(ExceptionPointers& exception);

// __C_specific_handler: the handler of the C and C++ compilers' __try, __except and __finally.
Disposition WINFN c_specific_handler(ExceptionRecord* record, void* establisher_frame,
                                     pe::Context* context, DispatcherContext* dispatcher);

}  // namespace instdrv::winapi
