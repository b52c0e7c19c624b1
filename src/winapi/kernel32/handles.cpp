// https://learn.microsoft.com/windows/win32/sysinfo/handle-and-object-functions
#include "winapi/exports/export.hpp"
#include "winapi/kernel32/pseudo_handles.hpp"
#include "winapi/objects/objects.hpp"
#include "winapi/process/driver_thread.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD DUPLICATE_CLOSE_SOURCE = 1;

bool is_pseudo_handle(HANDLE handle) {
    return handle == current_process_handle || handle == current_thread_handle;
}

std::shared_ptr<KernelObject> object_behind(HANDLE handle) {
    if (handle == current_thread_handle) return this_driver_thread();
    return kernel_objects().find(reinterpret_cast<std::uintptr_t>(handle));
}

BOOL CloseHandle(HANDLE handle) {
    if (is_pseudo_handle(handle)) return TRUE;
    const auto closed = kernel_objects().remove(reinterpret_cast<std::uintptr_t>(handle));
    return closed ? TRUE : fail(ERROR_INVALID_HANDLE, FALSE);
}
WINAPI_EXPORT(CloseHandle, in_kernel32);

// A host's thread has no object, so a duplicate of its pseudo handle is one that is never
// signalled.
std::shared_ptr<KernelObject> stand_in_for_host_thread() {
    auto thread = ThreadObject::create();
    if (thread) thread->id = current_thread().id();
    return thread;
}

BOOL DuplicateHandle(HANDLE, HANDLE source, HANDLE, HANDLE* target, DWORD, BOOL, DWORD options) {
    if (source == current_process_handle) {
        if (target != nullptr) *target = source;
        return TRUE;
    }
    auto object = object_behind(source);
    if (!object && source == current_thread_handle) object = stand_in_for_host_thread();
    if (!object) return fail(ERROR_INVALID_HANDLE, FALSE);
    if (target != nullptr) *target = new_handle(object);
    if ((options & DUPLICATE_CLOSE_SOURCE) != 0) CloseHandle(source);
    return TRUE;
}
WINAPI_EXPORT(DuplicateHandle, in_kernel32, Coverage::partial,
              "a duplicate of a host thread's pseudo handle is never signalled");

BOOL GetHandleInformation(HANDLE handle, DWORD* flags) {
    if (!is_pseudo_handle(handle) && !object_behind(handle)) {
        return fail(ERROR_INVALID_HANDLE, FALSE);
    }
    *flags = 0;
    return TRUE;
}
WINAPI_EXPORT(GetHandleInformation, in_kernel32);

BOOL SetHandleInformation(HANDLE handle, DWORD, DWORD) {
    return is_pseudo_handle(handle) || object_behind(handle) ? TRUE
                                                             : fail(ERROR_INVALID_HANDLE, FALSE);
}
WINAPI_EXPORT(SetHandleInformation, in_kernel32, Coverage::partial,
              "handles are never inherited and cannot be protected");

}  // namespace

}  // namespace instdrv::winapi::kernel32
