// https://learn.microsoft.com/windows/win32/procthread/process-and-thread-functions
#include <unistd.h>

#include "winapi/driver_thread.hpp"
#include "winapi/kernel32/pseudo_handles.hpp"
#include "winapi/kernel32/topics.hpp"
#include "winapi/last_error.hpp"
#include "winapi/thread.hpp"

namespace instdrv::winapi {
namespace {

constexpr DWORD CREATE_SUSPENDED = 0x4;
constexpr LONG THREAD_PRIORITY_ERROR_RETURN = 0x7FFFFFFF;
constexpr DWORD suspend_failed = 0xFFFFFFFF;

std::shared_ptr<ThreadObject> find_thread(HANDLE handle) {
    return handle == current_thread_handle ? this_driver_thread()
                                           : find_object<ThreadObject>(handle);
}

HANDLE WINFN CreateThread(void*, SIZE_T stack_size, const void* function, void* argument,
                          DWORD flags, DWORD* id) {
    const auto thread = start_driver_thread({.function = function,
                                             .argument = argument,
                                             .stack_size = stack_size,
                                             .suspended = (flags & CREATE_SUSPENDED) != 0});
    if (!thread) return fail(ERROR_NOT_ENOUGH_MEMORY, nullptr);
    if (id != nullptr) *id = thread->id;
    return new_handle(thread);
}

[[noreturn]] void WINFN ExitThread(DWORD code) { exit_driver_thread(code); }

BOOL WINFN TerminateThread(HANDLE, DWORD) { return fail(ERROR_ACCESS_DENIED, FALSE); }

// 1: it was suspended, and runs now. 0: it was running.
DWORD WINFN ResumeThread(HANDLE handle) {
    const auto thread = find_object<ThreadObject>(handle);
    if (!thread) return fail(ERROR_INVALID_HANDLE, suspend_failed);
    const bool was_running = wait_for({{thread->resumed}}, true, 0) == WaitResult::signalled;
    thread->resumed->set();
    return was_running ? 0 : 1;
}

DWORD WINFN SuspendThread(HANDLE) { return fail(ERROR_ACCESS_DENIED, suspend_failed); }

BOOL WINFN GetExitCodeThread(HANDLE handle, DWORD* code) {
    if (handle == current_thread_handle) {
        *code = ThreadObject::still_active;
        return TRUE;
    }
    const auto thread = find_object<ThreadObject>(handle);
    if (!thread) return fail(ERROR_INVALID_HANDLE, FALSE);
    *code = thread->exit_code;
    return TRUE;
}

HANDLE WINFN GetCurrentThread() { return current_thread_handle; }

DWORD WINFN GetCurrentThreadId() { return current_thread().id(); }

DWORD WINFN GetThreadId(HANDLE handle) {
    if (handle == current_thread_handle) return current_thread().id();
    const auto thread = find_object<ThreadObject>(handle);
    return thread ? thread->id.load() : fail(ERROR_INVALID_HANDLE, DWORD{0});
}

BOOL WINFN SetThreadPriority(HANDLE handle, LONG priority) {
    const auto thread = find_thread(handle);
    if (!thread && handle != current_thread_handle) return fail(ERROR_INVALID_HANDLE, FALSE);
    if (thread) thread->priority = priority;
    return TRUE;
}

LONG WINFN GetThreadPriority(HANDLE handle) {
    const auto thread = find_thread(handle);
    if (thread) return thread->priority;
    return handle == current_thread_handle
               ? 0
               : fail(ERROR_INVALID_HANDLE, THREAD_PRIORITY_ERROR_RETURN);
}

BOOL WINFN SetThreadPriorityBoost(HANDLE, BOOL) { return TRUE; }

DWORD_PTR WINFN SetThreadAffinityMask(HANDLE, DWORD_PTR mask) {
    return mask == 0 ? fail(ERROR_INVALID_PARAMETER, DWORD_PTR{0}) : processor_mask();
}

BOOL WINFN GetThreadContext(HANDLE, void*) { return fail(ERROR_ACCESS_DENIED, FALSE); }

BOOL WINFN SetThreadContext(HANDLE, const void*) { return fail(ERROR_ACCESS_DENIED, FALSE); }

LONG WINFN SetThreadDescription(HANDLE, const WCHAR*) { return 0; }  // S_OK

BOOL WINFN SetThreadStackGuarantee(DWORD* size) {
    *size = 0;
    return TRUE;
}

}  // namespace

std::span<const Export> thread_exports() {
    constexpr std::string_view only_kept = "the number is kept, the scheduler is not asked";
    constexpr std::string_view not_stopped = "ERROR_ACCESS_DENIED: running threads are not stopped";
    constexpr std::string_view no_effect = "accepted without effect";
    static const Export table[] = {
        {"CreateThread", address_of(CreateThread)},
        {"ExitThread", address_of(ExitThread), Coverage::partial,
         "on a thread of the host it ends the driver's call, not the thread"},
        {"GetCurrentThread", address_of(GetCurrentThread)},
        {"GetCurrentThreadId", address_of(GetCurrentThreadId)},
        {"GetExitCodeThread", address_of(GetExitCodeThread)},
        {"GetThreadContext", address_of(GetThreadContext), Coverage::stub, not_stopped},
        {"GetThreadId", address_of(GetThreadId)},
        {"GetThreadPriority", address_of(GetThreadPriority), Coverage::partial, only_kept},
        {"ResumeThread", address_of(ResumeThread), Coverage::partial,
         "only for threads created with CREATE_SUSPENDED"},
        {"SetThreadAffinityMask", address_of(SetThreadAffinityMask), Coverage::partial, no_effect},
        {"SetThreadContext", address_of(SetThreadContext), Coverage::stub, not_stopped},
        {"SetThreadDescription", address_of(SetThreadDescription), Coverage::partial, no_effect},
        {"SetThreadPriority", address_of(SetThreadPriority), Coverage::partial, only_kept},
        {"SetThreadPriorityBoost", address_of(SetThreadPriorityBoost), Coverage::partial,
         no_effect},
        {"SetThreadStackGuarantee", address_of(SetThreadStackGuarantee), Coverage::partial,
         no_effect},
        {"SuspendThread", address_of(SuspendThread), Coverage::stub, not_stopped},
        {"TerminateThread", address_of(TerminateThread), Coverage::stub, not_stopped},
    };
    return table;
}

}  // namespace instdrv::winapi
