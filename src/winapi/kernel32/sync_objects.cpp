// Events, mutexes and semaphores.
// https://learn.microsoft.com/windows/win32/sync/synchronization-objects
#include <optional>
#include <string>

#include "base/text.hpp"
#include "winapi/code_page.hpp"
#include "winapi/kernel32/topics.hpp"
#include "winapi/last_error.hpp"
#include "winapi/objects.hpp"

namespace instdrv::winapi {
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
HANDLE WINFN CreateEvent(void*, BOOL manual_reset, BOOL initially_set, const Character* name) {
    return create<Event>(name_of(name), [=] {
        return Event::create(manual_reset != FALSE, initially_set != FALSE);
    });
}

template <class Character>
HANDLE WINFN CreateEventEx(void*, const Character* name, DWORD flags, DWORD) {
    constexpr DWORD CREATE_EVENT_MANUAL_RESET = 1;
    constexpr DWORD CREATE_EVENT_INITIAL_SET = 2;
    return create<Event>(name_of(name), [=] {
        return Event::create((flags & CREATE_EVENT_MANUAL_RESET) != 0,
                             (flags & CREATE_EVENT_INITIAL_SET) != 0);
    });
}

template <class Character>
HANDLE WINFN OpenEvent(DWORD, BOOL, const Character* name) {
    return open<Event>(name_of(name));
}

BOOL WINFN SetEvent(HANDLE handle) {
    const auto event = find_object<Event>(handle);
    if (!event) return fail(ERROR_INVALID_HANDLE, FALSE);
    event->set();
    return TRUE;
}

BOOL WINFN ResetEvent(HANDLE handle) {
    const auto event = find_object<Event>(handle);
    if (!event) return fail(ERROR_INVALID_HANDLE, FALSE);
    event->reset();
    return TRUE;
}

BOOL WINFN PulseEvent(HANDLE handle) {
    return SetEvent(handle) != FALSE && ResetEvent(handle) != FALSE ? TRUE : FALSE;
}

template <class Character>
HANDLE WINFN CreateMutex(void*, BOOL initially_owned, const Character* name) {
    return create<Mutex>(name_of(name), [=] { return Mutex::create(initially_owned != FALSE); });
}

template <class Character>
HANDLE WINFN CreateMutexEx(void*, const Character* name, DWORD flags, DWORD) {
    constexpr DWORD CREATE_MUTEX_INITIAL_OWNER = 1;
    return create<Mutex>(name_of(name),
                         [=] { return Mutex::create((flags & CREATE_MUTEX_INITIAL_OWNER) != 0); });
}

template <class Character>
HANDLE WINFN OpenMutex(DWORD, BOOL, const Character* name) {
    return open<Mutex>(name_of(name));
}

BOOL WINFN ReleaseMutex(HANDLE handle) {
    const auto mutex = find_object<Mutex>(handle);
    if (!mutex) return fail(ERROR_INVALID_HANDLE, FALSE);
    return mutex->release() ? TRUE : fail(ERROR_NOT_OWNER, FALSE);
}

template <class Character>
HANDLE WINFN CreateSemaphore(void*, LONG count, LONG limit, const Character* name) {
    if (count < 0 || limit <= 0 || count > limit) return fail(ERROR_INVALID_PARAMETER, nullptr);
    return create<Semaphore>(name_of(name), [=] { return Semaphore::create(count, limit); });
}

template <class Character>
HANDLE WINFN CreateSemaphoreEx(void* security, LONG count, LONG limit, const Character* name, DWORD,
                               DWORD) {
    return CreateSemaphore<Character>(security, count, limit, name);
}

template <class Character>
HANDLE WINFN OpenSemaphore(DWORD, BOOL, const Character* name) {
    return open<Semaphore>(name_of(name));
}

BOOL WINFN ReleaseSemaphore(HANDLE handle, LONG count, LONG* previous) {
    const auto semaphore = find_object<Semaphore>(handle);
    if (!semaphore) return fail(ERROR_INVALID_HANDLE, FALSE);
    if (count <= 0) return fail(ERROR_INVALID_PARAMETER, FALSE);
    return semaphore->release(count, previous) ? TRUE : fail(ERROR_TOO_MANY_POSTS, FALSE);
}

}  // namespace

std::span<const Export> sync_object_exports() {
    constexpr std::string_view not_abandoned =
        "a mutex whose owner has ended stays taken (no WAIT_ABANDONED)";
    static const Export table[] = {
        {"CreateEventA", address_of(CreateEvent<char>)},
        {"CreateEventExA", address_of(CreateEventEx<char>)},
        {"CreateEventExW", address_of(CreateEventEx<WCHAR>)},
        {"CreateEventW", address_of(CreateEvent<WCHAR>)},
        {"CreateMutexA", address_of(CreateMutex<char>), Coverage::partial, not_abandoned},
        {"CreateMutexExA", address_of(CreateMutexEx<char>), Coverage::partial, not_abandoned},
        {"CreateMutexExW", address_of(CreateMutexEx<WCHAR>), Coverage::partial, not_abandoned},
        {"CreateMutexW", address_of(CreateMutex<WCHAR>), Coverage::partial, not_abandoned},
        {"CreateSemaphoreA", address_of(CreateSemaphore<char>)},
        {"CreateSemaphoreExA", address_of(CreateSemaphoreEx<char>)},
        {"CreateSemaphoreExW", address_of(CreateSemaphoreEx<WCHAR>)},
        {"CreateSemaphoreW", address_of(CreateSemaphore<WCHAR>)},
        {"OpenEventA", address_of(OpenEvent<char>)},
        {"OpenEventW", address_of(OpenEvent<WCHAR>)},
        {"OpenMutexA", address_of(OpenMutex<char>)},
        {"OpenMutexW", address_of(OpenMutex<WCHAR>)},
        {"OpenSemaphoreA", address_of(OpenSemaphore<char>)},
        {"OpenSemaphoreW", address_of(OpenSemaphore<WCHAR>)},
        {"PulseEvent", address_of(PulseEvent), Coverage::partial,
         "may wake no thread, as its documentation warns"},
        {"ReleaseMutex", address_of(ReleaseMutex)},
        {"ReleaseSemaphore", address_of(ReleaseSemaphore)},
        {"ResetEvent", address_of(ResetEvent)},
        {"SetEvent", address_of(SetEvent)},
    };
    return table;
}

}  // namespace instdrv::winapi
