// The handlers of Visual C++'s __try, __except and __finally on i386: _except_handler3, and
// _except_handler4 of compilers since 2005, whose scope table is hidden by a cookie.
// https://en.wikipedia.org/wiki/Microsoft-specific_exception_handling_mechanisms#SEH
#include <cstddef>

#include "winapi/exceptions/exception_entry_x86.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi {
namespace {

// One __try block. `filter` null: a __finally, whose code is `handler`.
struct Scope {
    LONG outer;  // the level around this one
    const void* filter;
    const void* handler;
};

struct ScopeTable4 {
    LONG gs_cookie_offset;
    LONG gs_cookie_xor_offset;
    LONG eh_cookie_offset;
    LONG eh_cookie_xor_offset;
    Scope scopes[1];  // and more
};

// A registration as these compilers extend it, at EBP - 0x10 of its function, and what lies before
// it.
struct TryFrame {
    DWORD saved_esp;
    ExceptionPointers* pointers;  // what the filter's GetExceptionInformation answers
    Registration registration;
    std::uintptr_t scope_table;  // of _except_handler4: xored with the cookie
    LONG level;                  // the innermost __try that the function is in
    DWORD saved_ebp;
};
static_assert(offsetof(TryFrame, saved_ebp) - offsetof(TryFrame, registration) == 0x10);

TryFrame& frame_of(Registration* registration) {
    return *reinterpret_cast<TryFrame*>(reinterpret_cast<std::byte*>(registration) -
                                        offsetof(TryFrame, registration));
}

// The two handlers differ in where the scopes are and in the number of no level.
struct Scopes {
    const Scope* table;
    LONG none;
};
constexpr LONG none3 = -1;
constexpr LONG none4 = -2;

Scopes scopes3(const TryFrame& frame) {
    return {reinterpret_cast<const Scope*>(frame.scope_table), none3};
}

Scopes scopes4(const TryFrame& frame, const std::uintptr_t* cookie) {
    return {reinterpret_cast<const ScopeTable4*>(frame.scope_table ^ *cookie)->scopes, none4};
}

// Each level is left before its code runs, so that it runs once, even when it is interrupted.
void unwind_levels(TryFrame& frame, const Scopes& scopes, LONG stop) {
    while (frame.level != scopes.none && frame.level != stop) {
        const Scope& scope = scopes.table[frame.level];
        frame.level = scope.outer;
        if (scope.filter == nullptr) instdrv_call_in_frame(&frame.saved_ebp, scope.handler);
    }
}

[[noreturn]] void take(TryFrame& frame, const Scopes& scopes, LONG level,
                       const ExceptionPointers& exception) {
    unwind_to(&frame.registration, exception.record, *exception.context);
    unwind_levels(frame, scopes, level);
    const Scope& scope = scopes.table[level];
    frame.level = scope.outer;
    instdrv_go_to_frame(&frame.saved_ebp, scope.handler);
}

LONG ask_filter(TryFrame& frame, const Scope& scope, ExceptionPointers& exception) {
    frame.pointers = &exception;
    const auto answer = instdrv_call_in_frame(&frame.saved_ebp, scope.filter);
    frame.pointers = nullptr;
    return static_cast<LONG>(answer);
}

Disposition search(TryFrame& frame, const Scopes& scopes, ExceptionPointers exception) {
    for (LONG level = frame.level; level != scopes.none; level = scopes.table[level].outer) {
        const Scope& scope = scopes.table[level];
        if (scope.filter == nullptr) continue;
        const LONG answer = ask_filter(frame, scope, exception);
        if (answer < 0) return Disposition::continue_execution;
        if (answer != EXCEPTION_CONTINUE_SEARCH) take(frame, scopes, level, exception);
    }
    return Disposition::continue_search;
}

Disposition handle(ExceptionRecord* record, TryFrame& frame, const Scopes& scopes,
                   pe::Context* context) {
    if ((record->flags & (exception_flag::unwinding | exception_flag::exit_unwind)) == 0) {
        return search(frame, scopes, {record, context});
    }
    unwind_levels(frame, scopes, scopes.none);
    return Disposition::continue_search;
}

Disposition _except_handler3(ExceptionRecord* record, Registration* registration,
                             pe::Context* context, Registration**) {
    TryFrame& frame = frame_of(registration);
    return handle(record, frame, scopes3(frame), context);
}
CRT_EXPORT(_except_handler3, in_kernel32 | in_ntdll | in_msvcrt | in_vcruntime140);

Disposition _except_handler4_common(const std::uintptr_t* cookie, const void*,
                                    ExceptionRecord* record, Registration* registration,
                                    pe::Context* context, Registration**) {
    TryFrame& frame = frame_of(registration);
    return handle(record, frame, scopes4(frame, cookie), context);
}
CRT_EXPORT(_except_handler4_common, in_kernel32 | in_ntdll | in_msvcrt | in_vcruntime140,
           Coverage::partial, "does not check the frame's cookies");

void _local_unwind4(const std::uintptr_t* cookie, Registration* registration, LONG stop) {
    TryFrame& frame = frame_of(registration);
    unwind_levels(frame, scopes4(frame, cookie), stop);
}
CRT_EXPORT(_local_unwind4, in_kernel32 | in_ntdll | in_msvcrt | in_vcruntime140);

void _global_unwind2(Registration* target) {
    pe::Context context;
    unwind_to(target, nullptr, context);
}
CRT_EXPORT(_global_unwind2, in_kernel32 | in_ntdll | in_msvcrt | in_vcruntime140);

}  // namespace

void local_unwind(Registration* registration, LONG stop) {
    TryFrame& frame = frame_of(registration);
    unwind_levels(frame, scopes3(frame), stop);
}
CRT_EXPORT_AS("_local_unwind2", in_kernel32 | in_ntdll | in_msvcrt | in_vcruntime140, local_unwind);

}  // namespace instdrv::winapi
