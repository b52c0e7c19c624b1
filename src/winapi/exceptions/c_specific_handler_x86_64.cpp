// https://learn.microsoft.com/windows/win32/devnotes/--c-specific-handler2
#include <cstddef>
#include <span>

#include "winapi/exceptions/exception_entry_x86_64.hpp"
#include "winapi/exceptions/frame_walk_x86_64.hpp"

namespace instdrv::winapi {
namespace {

// One __try block, with RVAs. `target` 0: a __finally, whose code is `handler`. Else an __except
// whose filter is `handler` (1: takes everything) and whose code is at `target`.
struct Scope {
    DWORD begin;
    DWORD end;
    DWORD handler;
    DWORD target;
};

// A handler's data begins with the number of scopes, inner before outer.
std::span<const Scope> scopes_of(const DispatcherContext& dispatcher) {
    const auto* const count = static_cast<const DWORD*>(dispatcher.handler_data);
    return {reinterpret_cast<const Scope*>(count + 1), *count};
}

bool contains(const Scope& scope, std::uint64_t rva) {
    return rva >= scope.begin && rva < scope.end;
}

// The dispatcher is a part of the Activity of whoever called the handler.
const Activity& activity_of(const DispatcherContext& dispatcher) {
    static_assert(offsetof(Activity, dispatcher) == 0);
    return reinterpret_cast<const Activity&>(dispatcher);
}

std::uintptr_t call_funclet(const DispatcherContext& dispatcher, DWORD rva, std::uintptr_t argument,
                            const void* frame) {
    return instdrv_call_handler(argument, reinterpret_cast<std::uintptr_t>(frame), 0, 0,
                                reinterpret_cast<const void*>(dispatcher.image_base + rva),
                                &activity_of(dispatcher));
}

LONG ask_filter(const Scope& scope, ExceptionPointers exception,
                const DispatcherContext& dispatcher, const void* frame) {
    constexpr DWORD takes_everything = 1;
    if (scope.handler == takes_everything) return EXCEPTION_EXECUTE_HANDLER;
    return static_cast<LONG>(call_funclet(dispatcher, scope.handler,
                                          reinterpret_cast<std::uintptr_t>(&exception), frame));
}

Disposition search(ExceptionRecord* record, void* frame, pe::Context* context,
                   DispatcherContext& dispatcher) {
    const auto scopes = scopes_of(dispatcher);
    const std::uint64_t pc = dispatcher.control_pc - dispatcher.image_base;
    for (DWORD i = dispatcher.scope_index; i < scopes.size(); ++i) {
        const Scope& scope = scopes[i];
        if (!contains(scope, pc) || scope.target == 0) continue;
        const LONG answer = ask_filter(scope, {record, context}, dispatcher, frame);
        if (answer < 0) return Disposition::continue_execution;
        if (answer == EXCEPTION_CONTINUE_SEARCH) continue;
        const pe::Context here = activity_of(dispatcher).resume;
        unwind_to(reinterpret_cast<std::uintptr_t>(frame), dispatcher.image_base + scope.target,
                  record, record->code, here);
    }
    return Disposition::continue_search;
}

Disposition unwind(const ExceptionRecord& record, void* frame, DispatcherContext& dispatcher) {
    const auto scopes = scopes_of(dispatcher);
    const std::uint64_t pc = dispatcher.control_pc - dispatcher.image_base;
    const std::uint64_t target = dispatcher.target_ip - dispatcher.image_base;
    const bool is_target = (record.flags & exception_flag::target_unwind) != 0;
    for (DWORD i = dispatcher.scope_index; i < scopes.size(); ++i) {
        const Scope& scope = scopes[i];
        if (!contains(scope, pc)) continue;
        // The unwinding ends inside of this block, or in its handler: outer blocks go on.
        if (is_target && (contains(scope, target) || scope.target == target)) break;
        if (scope.target != 0) continue;
        dispatcher.scope_index = i + 1;  // so that it runs once, even when it is interrupted
        constexpr std::uintptr_t abnormal_termination = 1;
        call_funclet(dispatcher, scope.handler, abnormal_termination, frame);
    }
    return Disposition::continue_search;
}

}  // namespace

Disposition WINFN c_specific_handler(ExceptionRecord* record, void* frame, pe::Context* context,
                                     DispatcherContext* dispatcher) {
    if ((record->flags & exception_flag::any_unwind) != 0) {
        return unwind(*record, frame, *dispatcher);
    }
    return search(record, frame, context, *dispatcher);
}

}  // namespace instdrv::winapi
