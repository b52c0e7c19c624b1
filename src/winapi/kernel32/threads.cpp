// https://learn.microsoft.com/windows/win32/procthread/process-and-thread-functions
#include <unistd.h>

#include "winapi/exports/export.hpp"
#include "winapi/kernel32/pseudo_handles.hpp"
#include "winapi/process/driver_thread.hpp"
#include "winapi/threads/last_error.hpp"
#include "winapi/threads/thread.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD CREATE_SUSPENDED = 0x4;
constexpr LONG THREAD_PRIORITY_ERROR_RETURN = 0x7FFFFFFF;
constexpr DWORD suspend_failed = 0xFFFFFFFF;

std::shared_ptr<ThreadObject> find_thread(HANDLE handle) {
    return handle == current_thread_handle ? this_driver_thread()
                                           : find_object<ThreadObject>(handle);
}

HANDLE CreateThread(void*, SIZE_T stack_size, const void* function, void* argument, DWORD flags,
                    DWORD* id) {
    const auto thread = start_driver_thread({.function = function,
                                             .argument = argument,
                                             .stack_size = stack_size,
                                             .suspended = (flags & CREATE_SUSPENDED) != 0});
    if (!thread) return fail(ERROR_NOT_ENOUGH_MEMORY, nullptr);
    if (id != nullptr) *id = thread->id;
    return new_handle(thread);
}
WINAPI_EXPORT(CreateThread, in_kernel32);

[[noreturn]] void ExitThread(DWORD code) { exit_driver_thread(code); }
WINAPI_EXPORT(ExitThread, in_kernel32, Coverage::partial,
              "on a thread of the host it ends the driver's call, not the thread");

BOOL TerminateThread(HANDLE, DWORD) { return fail(ERROR_ACCESS_DENIED, FALSE); }
WINAPI_EXPORT(TerminateThread, in_kernel32, Coverage::stub,
              "ERROR_ACCESS_DENIED: running threads are not stopped");

// 1: it was suspended, and runs now. 0: it was running.
DWORD ResumeThread(HANDLE handle) {
    const auto thread = find_object<ThreadObject>(handle);
    if (!thread) return fail(ERROR_INVALID_HANDLE, suspend_failed);
    const bool was_running = wait_for({{thread->resumed}}, true, 0) == WaitResult::signalled;
    thread->resumed->set();
    return was_running ? 0 : 1;
}
WINAPI_EXPORT(ResumeThread, in_kernel32, Coverage::partial,
              "only for threads created with CREATE_SUSPENDED");

DWORD SuspendThread(HANDLE) { return fail(ERROR_ACCESS_DENIED, suspend_failed); }
WINAPI_EXPORT(SuspendThread, in_kernel32, Coverage::stub,
              "ERROR_ACCESS_DENIED: running threads are not stopped");

BOOL GetExitCodeThread(HANDLE handle, DWORD* code) {
    if (handle == current_thread_handle) {
        *code = ThreadObject::still_active;
        return TRUE;
    }
    const auto thread = find_object<ThreadObject>(handle);
    if (!thread) return fail(ERROR_INVALID_HANDLE, FALSE);
    *code = thread->exit_code;
    return TRUE;
}
WINAPI_EXPORT(GetExitCodeThread, in_kernel32);

HANDLE GetCurrentThread() { return current_thread_handle; }
WINAPI_EXPORT(GetCurrentThread, in_kernel32);

DWORD GetCurrentThreadId() { return current_thread().id(); }
WINAPI_EXPORT(GetCurrentThreadId, in_kernel32);

DWORD GetThreadId(HANDLE handle) {
    if (handle == current_thread_handle) return current_thread().id();
    const auto thread = find_object<ThreadObject>(handle);
    return thread ? thread->id.load() : fail(ERROR_INVALID_HANDLE, DWORD{0});
}
WINAPI_EXPORT(GetThreadId, in_kernel32);

BOOL SetThreadPriority(HANDLE handle, LONG priority) {
    const auto thread = find_thread(handle);
    if (!thread && handle != current_thread_handle) return fail(ERROR_INVALID_HANDLE, FALSE);
    if (thread) thread->priority = priority;
    return TRUE;
}
WINAPI_EXPORT(SetThreadPriority, in_kernel32, Coverage::partial,
              "the number is kept, the scheduler is not asked");

LONG GetThreadPriority(HANDLE handle) {
    const auto thread = find_thread(handle);
    if (thread) return thread->priority;
    return handle == current_thread_handle
               ? 0
               : fail(ERROR_INVALID_HANDLE, THREAD_PRIORITY_ERROR_RETURN);
}
WINAPI_EXPORT(GetThreadPriority, in_kernel32, Coverage::partial,
              "the number is kept, the scheduler is not asked");

BOOL SetThreadPriorityBoost(HANDLE, BOOL) { return TRUE; }
WINAPI_EXPORT(SetThreadPriorityBoost, in_kernel32, Coverage::partial, "accepted without effect");

DWORD_PTR SetThreadAffinityMask(HANDLE, DWORD_PTR mask) {
    return mask == 0 ? fail(ERROR_INVALID_PARAMETER, DWORD_PTR{0}) : processor_mask();
}
WINAPI_EXPORT(SetThreadAffinityMask, in_kernel32, Coverage::partial, "accepted without effect");

BOOL GetThreadContext(HANDLE, void*) { return fail(ERROR_ACCESS_DENIED, FALSE); }
WINAPI_EXPORT(GetThreadContext, in_kernel32, Coverage::stub,
              "ERROR_ACCESS_DENIED: running threads are not stopped");

BOOL SetThreadContext(HANDLE, const void*) { return fail(ERROR_ACCESS_DENIED, FALSE); }
WINAPI_EXPORT(SetThreadContext, in_kernel32, Coverage::stub,
              "ERROR_ACCESS_DENIED: running threads are not stopped");

LONG SetThreadDescription(HANDLE, const WCHAR*) { return 0; }
WINAPI_EXPORT(SetThreadDescription, in_kernel32, Coverage::partial,
              "accepted without effect");  // S_OK

BOOL SetThreadStackGuarantee(DWORD* size) {
    *size = 0;
    return TRUE;
}
WINAPI_EXPORT(SetThreadStackGuarantee, in_kernel32, Coverage::partial, "accepted without effect");

}  // namespace

}  // namespace instdrv::winapi::kernel32
