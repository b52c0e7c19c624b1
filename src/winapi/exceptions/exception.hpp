// Structured exceptions: their records, raising and dispatching.
//
// An exception walks the frames of PE code from where it was raised and asks each one's handler;
// where one takes it, it unwinds to that frame. On x86-64 the frames are found by the image's
// unwind data (unwind_x86_64.hpp), on i386 handlers are chained from the TEB (unwind_x86.hpp). The
// walk ends at the guarded_call through which the host entered PE code: an exception that no
// handler took breaks that call off.
//
// https://learn.microsoft.com/windows/win32/debug/structured-exception-handling
#pragma once

#include <cstdint>
#include <string_view>

#if defined(__x86_64__)
#include "image/pe/context_x86_64.hpp"
#else
#include "image/pe/context_x86.hpp"
#endif
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
constexpr DWORD stack_invalid = 0x8;
constexpr DWORD nested_call = 0x10;
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

using VectoredHandler = LONG(WINCALL*)(ExceptionPointers*);

// Dispatches an exception raised where `context` is. Does not return: execution goes on where a
// handler says, or the driver's call ends.
[[noreturn]] void dispatch_exception(ExceptionRecord& record, const pe::Context& context);

// Offers an exception to the vectored handlers, to those of the frames and to the unhandled filter,
// in this order. A frame's handler that takes it does not come back. True: execution is to go on
// with `context`, which handlers may have changed; false: nobody took it.
bool offer_exception(ExceptionRecord& record, pe::Context& context);

// Goes on with these registers.
[[noreturn]] void go_on_with(const pe::Context& context);

// Breaks the driver's call off with an Error that tells the exception and `why` it ends so.
[[noreturn]] void give_up(const ExceptionRecord& record, std::string_view why);

// The machine's part, in exception_<machine>.cpp: asks the handlers of the frames, innermost first.
// True: one answered that execution goes on with `context`.
bool ask_frames(ExceptionRecord& record, pe::Context& context);

// Asks the vectored handlers, first to last. True: one wants execution to go on.
bool ask_vectored_handlers(ExceptionPointers& exception);
// Asks the filter that SetUnhandledExceptionFilter set, if there is one.
LONG ask_unhandled_filter(ExceptionPointers& exception);

// What the entries of RaiseException and RtlRaiseException go to, with the registers that their
// caller will see when they return.
extern "C" [[noreturn]] void instdrv_raise(const pe::Context* context, DWORD code, DWORD flags,
                                           DWORD count, const std::uintptr_t* parameters);
extern "C" [[noreturn]] void instdrv_raise_record(const pe::Context* context,
                                                  ExceptionRecord* record);

// ---- handlers that drivers install --------------------------------------------------------------

// AddVectoredExceptionHandler: returns the handle with which to remove it.
void* add_vectored_handler(DWORD first, VectoredHandler handler);
// RemoveVectoredExceptionHandler: returns 1, or 0 where there was none.
DWORD remove_vectored_handler(void* handle);
// SetUnhandledExceptionFilter: returns the filter before.
VectoredHandler set_unhandled_filter(VectoredHandler filter);

}  // namespace instdrv::winapi
