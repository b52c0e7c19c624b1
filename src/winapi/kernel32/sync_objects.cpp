// Events, mutexes and semaphores.
// https://learn.microsoft.com/windows/win32/sync/synchronization-objects
#include <optional>
#include <string>

#include "base/text.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/objects/objects.hpp"
#include "winapi/text/code_page.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

using Name = std::optional<std::u16string>;

Name name_of(const char* name) { return name == nullptr ? std::nullopt : Name(from_ansi(name)); }
Name name_of(const WCHAR* name) { return name == nullptr ? std::nullopt : Name(name); }

template <class Object, class Make>
HANDLE create(const Name& name, Make make) {
    const NamedObject made = name ? find_or_make(*name, make) : NamedObject{make(), false};
    if (!made.object) return fail(ERROR_NOT_ENOUGH_MEMORY, nullptr);
    if (!std::dynamic_pointer_cast<Object>(made.object)) return fail(ERROR_INVALID_HANDLE, nullptr);
    set_last_error(made.existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return new_handle(made.object);
}

template <class Object>
HANDLE open(const Name& name) {
    if (!name) return fail(ERROR_INVALID_PARAMETER, nullptr);
    const auto object = find_named(*name);
    if (!object) return fail(ERROR_FILE_NOT_FOUND, nullptr);
    if (!std::dynamic_pointer_cast<Object>(object)) return fail(ERROR_INVALID_HANDLE, nullptr);
    return new_handle(object);
}

template <class Character>
HANDLE CreateEvent(void*, BOOL manual_reset, BOOL initially_set, const Character* name) {
    return create<Event>(name_of(name), [=] {
        return Event::create(manual_reset != FALSE, initially_set != FALSE);
    });
}
WINAPI_EXPORT_AS("CreateEventA", in_kernel32, CreateEvent<char>);
WINAPI_EXPORT_AS("CreateEventW", in_kernel32, CreateEvent<WCHAR>);

template <class Character>
HANDLE CreateEventEx(void*, const Character* name, DWORD flags, DWORD) {
    constexpr DWORD CREATE_EVENT_MANUAL_RESET = 1;
    constexpr DWORD CREATE_EVENT_INITIAL_SET = 2;
    return create<Event>(name_of(name), [=] {
        return Event::create((flags & CREATE_EVENT_MANUAL_RESET) != 0,
                             (flags & CREATE_EVENT_INITIAL_SET) != 0);
    });
}
WINAPI_EXPORT_AS("CreateEventExA", in_kernel32, CreateEventEx<char>);
WINAPI_EXPORT_AS("CreateEventExW", in_kernel32, CreateEventEx<WCHAR>);

template <class Character>
HANDLE OpenEvent(DWORD, BOOL, const Character* name) {
    return open<Event>(name_of(name));
}
WINAPI_EXPORT_AS("OpenEventA", in_kernel32, OpenEvent<char>);
WINAPI_EXPORT_AS("OpenEventW", in_kernel32, OpenEvent<WCHAR>);

BOOL SetEvent(HANDLE handle) {
    const auto event = find_object<Event>(handle);
    if (!event) return fail(ERROR_INVALID_HANDLE, FALSE);
    event->set();
    return TRUE;
}
WINAPI_EXPORT(SetEvent, in_kernel32);

BOOL ResetEvent(HANDLE handle) {
    const auto event = find_object<Event>(handle);
    if (!event) return fail(ERROR_INVALID_HANDLE, FALSE);
    event->reset();
    return TRUE;
}
WINAPI_EXPORT(ResetEvent, in_kernel32);

BOOL PulseEvent(HANDLE handle) {
    return SetEvent(handle) != FALSE && ResetEvent(handle) != FALSE ? TRUE : FALSE;
}
WINAPI_EXPORT(PulseEvent, in_kernel32, Coverage::partial,
              "may wake no thread, as its documentation warns");

template <class Character>
HANDLE CreateMutex(void*, BOOL initially_owned, const Character* name) {
    return create<Mutex>(name_of(name), [=] { return Mutex::create(initially_owned != FALSE); });
}
WINAPI_EXPORT_AS("CreateMutexA", in_kernel32, CreateMutex<char>, Coverage::partial,
                 "a mutex whose owner has ended stays taken (no WAIT_ABANDONED)");
WINAPI_EXPORT_AS("CreateMutexW", in_kernel32, CreateMutex<WCHAR>, Coverage::partial,
                 "a mutex whose owner has ended stays taken (no WAIT_ABANDONED)");

template <class Character>
HANDLE CreateMutexEx(void*, const Character* name, DWORD flags, DWORD) {
    constexpr DWORD CREATE_MUTEX_INITIAL_OWNER = 1;
    return create<Mutex>(name_of(name),
                         [=] { return Mutex::create((flags & CREATE_MUTEX_INITIAL_OWNER) != 0); });
}
WINAPI_EXPORT_AS("CreateMutexExA", in_kernel32, CreateMutexEx<char>, Coverage::partial,
                 "a mutex whose owner has ended stays taken (no WAIT_ABANDONED)");
WINAPI_EXPORT_AS("CreateMutexExW", in_kernel32, CreateMutexEx<WCHAR>, Coverage::partial,
                 "a mutex whose owner has ended stays taken (no WAIT_ABANDONED)");

template <class Character>
HANDLE OpenMutex(DWORD, BOOL, const Character* name) {
    return open<Mutex>(name_of(name));
}
WINAPI_EXPORT_AS("OpenMutexA", in_kernel32, OpenMutex<char>);
WINAPI_EXPORT_AS("OpenMutexW", in_kernel32, OpenMutex<WCHAR>);

BOOL ReleaseMutex(HANDLE handle) {
    const auto mutex = find_object<Mutex>(handle);
    if (!mutex) return fail(ERROR_INVALID_HANDLE, FALSE);
    return mutex->release() ? TRUE : fail(ERROR_NOT_OWNER, FALSE);
}
WINAPI_EXPORT(ReleaseMutex, in_kernel32);

template <class Character>
HANDLE CreateSemaphore(void*, LONG count, LONG limit, const Character* name) {
    if (count < 0 || limit <= 0 || count > limit) return fail(ERROR_INVALID_PARAMETER, nullptr);
    return create<Semaphore>(name_of(name), [=] { return Semaphore::create(count, limit); });
}
WINAPI_EXPORT_AS("CreateSemaphoreA", in_kernel32, CreateSemaphore<char>);
WINAPI_EXPORT_AS("CreateSemaphoreW", in_kernel32, CreateSemaphore<WCHAR>);

template <class Character>
HANDLE CreateSemaphoreEx(void* security, LONG count, LONG limit, const Character* name, DWORD,
                         DWORD) {
    return CreateSemaphore<Character>(security, count, limit, name);
}
WINAPI_EXPORT_AS("CreateSemaphoreExA", in_kernel32, CreateSemaphoreEx<char>);
WINAPI_EXPORT_AS("CreateSemaphoreExW", in_kernel32, CreateSemaphoreEx<WCHAR>);

template <class Character>
HANDLE OpenSemaphore(DWORD, BOOL, const Character* name) {
    return open<Semaphore>(name_of(name));
}
WINAPI_EXPORT_AS("OpenSemaphoreA", in_kernel32, OpenSemaphore<char>);
WINAPI_EXPORT_AS("OpenSemaphoreW", in_kernel32, OpenSemaphore<WCHAR>);

BOOL ReleaseSemaphore(HANDLE handle, LONG count, LONG* previous) {
    const auto semaphore = find_object<Semaphore>(handle);
    if (!semaphore) return fail(ERROR_INVALID_HANDLE, FALSE);
    if (count <= 0) return fail(ERROR_INVALID_PARAMETER, FALSE);
    return semaphore->release(count, previous) ? TRUE : fail(ERROR_TOO_MANY_POSTS, FALSE);
}
WINAPI_EXPORT(ReleaseSemaphore, in_kernel32);

}  // namespace

}  // namespace instdrv::winapi::kernel32
