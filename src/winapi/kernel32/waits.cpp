// https://learn.microsoft.com/windows/win32/sync/wait-functions
#include <algorithm>
#include <climits>
#include <ctime>
#include <vector>

#include <sched.h>

#include "winapi/exports/export.hpp"
#include "winapi/objects/objects.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

using Objects = std::vector<std::shared_ptr<KernelObject>>;

constexpr DWORD WAIT_OBJECT_0 = 0;
constexpr DWORD WAIT_TIMEOUT = 258;
constexpr DWORD WAIT_FAILED = 0xFFFFFFFF;
constexpr DWORD most_objects = 64;  // MAXIMUM_WAIT_OBJECTS

int milliseconds(DWORD timeout) {
    return timeout == INFINITE ? -1 : static_cast<int>(std::min<DWORD>(timeout, INT_MAX));
}

bool is_mine(const std::shared_ptr<KernelObject>& object) {
    const auto* const mutex = dynamic_cast<const Mutex*>(object.get());
    return mutex != nullptr && mutex->is_mine();
}

// A mutex that the thread owns already is no reason to wait, though nobody else could have it.
DWORD wait_for_any(const Objects& objects, DWORD timeout) {
    const auto mine = std::find_if(objects.begin(), objects.end(), is_mine);
    if (mine != objects.end()) {
        (*mine)->acquire();
        return WAIT_OBJECT_0 + static_cast<DWORD>(mine - objects.begin());
    }
    std::size_t which = 0;
    switch (wait_for(objects, false, milliseconds(timeout), &which)) {
        case WaitResult::signalled: return WAIT_OBJECT_0 + static_cast<DWORD>(which);
        case WaitResult::timed_out: return WAIT_TIMEOUT;
        case WaitResult::failed: break;
    }
    return fail(ERROR_INVALID_HANDLE, WAIT_FAILED);
}

DWORD wait_for_all(const Objects& objects, DWORD timeout) {
    Objects others;
    std::copy_if(objects.begin(), objects.end(), std::back_inserter(others),
                 [](const auto& object) { return !is_mine(object); });
    const WaitResult result =
        others.empty() ? WaitResult::signalled : wait_for(others, true, milliseconds(timeout));
    if (result == WaitResult::timed_out) return WAIT_TIMEOUT;
    if (result == WaitResult::failed) return fail(ERROR_INVALID_HANDLE, WAIT_FAILED);
    for (const auto& object : objects) {
        const bool waited = std::find(others.begin(), others.end(), object) != others.end();
        if (!waited) object->acquire();
    }
    return WAIT_OBJECT_0;
}

DWORD WaitForMultipleObjectsEx(DWORD count, const HANDLE* handles, BOOL all, DWORD timeout, BOOL) {
    if (count == 0 || count > most_objects) return fail(ERROR_INVALID_PARAMETER, WAIT_FAILED);
    Objects objects;
    for (DWORD i = 0; i < count; ++i) {
        objects.push_back(kernel_objects().find(reinterpret_cast<std::uintptr_t>(handles[i])));
        if (!objects.back()) return fail(ERROR_INVALID_HANDLE, WAIT_FAILED);
    }
    return all != FALSE ? wait_for_all(objects, timeout) : wait_for_any(objects, timeout);
}
WINAPI_EXPORT(WaitForMultipleObjectsEx, in_kernel32, Coverage::partial,
              "never alerted: there are no queued calls (APC)");

DWORD WaitForMultipleObjects(DWORD count, const HANDLE* handles, BOOL all, DWORD timeout) {
    return WaitForMultipleObjectsEx(count, handles, all, timeout, FALSE);
}
WINAPI_EXPORT(WaitForMultipleObjects, in_kernel32);

DWORD WaitForSingleObjectEx(HANDLE handle, DWORD timeout, BOOL) {
    return WaitForMultipleObjectsEx(1, &handle, FALSE, timeout, FALSE);
}
WINAPI_EXPORT(WaitForSingleObjectEx, in_kernel32, Coverage::partial,
              "never alerted: there are no queued calls (APC)");

DWORD WaitForSingleObject(HANDLE handle, DWORD timeout) {
    return WaitForMultipleObjectsEx(1, &handle, FALSE, timeout, FALSE);
}
WINAPI_EXPORT(WaitForSingleObject, in_kernel32);

DWORD SignalObjectAndWait(HANDLE to_signal, HANDLE to_wait_on, DWORD timeout, BOOL) {
    if (const auto event = find_object<Event>(to_signal)) {
        event->set();
    } else if (const auto mutex = find_object<Mutex>(to_signal)) {
        if (!mutex->release()) return fail(ERROR_NOT_OWNER, WAIT_FAILED);
    } else if (const auto semaphore = find_object<Semaphore>(to_signal)) {
        if (!semaphore->release(1, nullptr)) return fail(ERROR_TOO_MANY_POSTS, WAIT_FAILED);
    } else {
        return fail(ERROR_INVALID_HANDLE, WAIT_FAILED);
    }
    return WaitForSingleObject(to_wait_on, timeout);
}
WINAPI_EXPORT(SignalObjectAndWait, in_kernel32, Coverage::partial,
              "never alerted: there are no queued calls (APC)");

void Sleep(DWORD timeout) {
    if (timeout == 0) {
        ::sched_yield();
        return;
    }
    timespec left{.tv_sec = timeout / 1000,
                  .tv_nsec = static_cast<long>(timeout % 1000) * 1'000'000};
    do {
        while (::clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) != 0) {
        }
    } while (timeout == INFINITE);
}
WINAPI_EXPORT(Sleep, in_kernel32);

DWORD SleepEx(DWORD timeout, BOOL) {
    Sleep(timeout);
    return 0;
}
WINAPI_EXPORT(SleepEx, in_kernel32, Coverage::partial,
              "never alerted: there are no queued calls (APC)");

BOOL SwitchToThread() { return ::sched_yield() == 0 ? TRUE : FALSE; }
WINAPI_EXPORT(SwitchToThread, in_kernel32);

}  // namespace

}  // namespace instdrv::winapi::kernel32
