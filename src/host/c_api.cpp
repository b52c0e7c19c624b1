// The C functions of <instdrv/driver.h>: a thin layer over one default Host. Called from inside a
// driver they work on the host of that driver.
#include <instdrv/driver.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/event.hpp"
#include "base/text.hpp"
#include "core/driver_callback.hpp"
#include "core/thread_queue.hpp"
#include "host/impl.hpp"
#include "host/last_error.hpp"

using namespace instdrv;

namespace {

struct LastError {
    int code = INSTDRV_OK;
    std::string text;
};

LastError& last_error() {
    thread_local LastError error;
    return error;
}

}  // namespace

void instdrv::remember_error(const Error& error) {
    last_error() = {.code = static_cast<int>(error.code), .text = error.text()};
}

namespace {

// The value, or `otherwise` with the error remembered.
template <class T>
T value_or_remember(Result<T> result, T otherwise) {
    if (result) return std::move(*result);
    remember_error(result.error());
    return otherwise;
}

BOOL true_or_remember(const Status& status) {
    if (status) return TRUE;
    remember_error(status.error());
    return FALSE;
}

Host::Impl& current_host() {
    auto* const inside = Host::Impl::of_this_thread();
    return inside == nullptr ? Host::default_host().impl() : *inside;
}

Host::Impl& host_of(HDRVR hdrvr) {
    auto* const owner = Host::Impl::of(hdrvr);
    return owner == nullptr ? current_host() : *owner;
}

Error no_name() {
    return {.code = ErrorCode::invalid_argument,
            .operation = "open",
            .cause = "the driver name is NULL"};
}

HDRVR open(std::string_view name, std::string_view section, LPARAM lparam2) {
    return value_or_remember<HDRVR>(current_host().open_driver(name, section, lparam2), nullptr);
}

Result<LRESULT> close_driver(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2, core::CloseMode mode) {
    return host_of(hdrvr).life_cycle().close(hdrvr, lparam1, lparam2, mode);
}

std::shared_ptr<Event> find_event(HANDLE handle) {
    return std::dynamic_pointer_cast<Event>(
        kernel_objects().find(reinterpret_cast<std::uintptr_t>(handle)));
}

Error no_event(const char* operation) {
    return {.code = ErrorCode::bad_handle,
            .operation = operation,
            .cause = "the handle is not an event"};
}

}  // namespace

HDRVR OpenDriver(LPCWSTR driver_name, LPCWSTR section_name, LPARAM lparam2) {
    if (driver_name == nullptr) {
        remember_error(no_name());
        return nullptr;
    }
    return open(to_utf8(driver_name), to_utf8(wide_view(section_name)), lparam2);
}

HDRVR OpenDriverA(LPCSTR driver_name, LPCSTR section_name, LPARAM lparam2) {
    if (driver_name == nullptr) {
        remember_error(no_name());
        return nullptr;
    }
    return open(driver_name, section_name == nullptr ? "" : section_name, lparam2);
}

LRESULT CloseDriver(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) {
    return value_or_remember<LRESULT>(close_driver(hdrvr, lparam1, lparam2, core::CloseMode::ask),
                                      0);
}

LRESULT SendDriverMessage(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) {
    const core::Answer answer = send_as_client(hdrvr, message, lparam1, lparam2);
    if (answer.broken != nullptr) [[unlikely]] {
        remember_error(*answer.broken);
        return 0;
    }
    return answer.value;
}

LRESULT DefDriverProc(DWORD_PTR, HDRVR, UINT message, LPARAM, LPARAM) {
    return core::default_answer(message);
}

LRESULT DrvDefDriverProc(DWORD_PTR, HDRVR, UINT message, LPARAM, LPARAM) {
    return core::default_answer(message);
}

HMODULE GetDriverModuleHandle(HDRVR hdrvr) {
    return value_or_remember<HMODULE>(
        host_of(hdrvr).life_cycle().snapshot(hdrvr).map(
            [](const core::InstanceSnapshot& snapshot) { return snapshot.module; }),
        nullptr);
}

HMODULE DrvGetModuleHandle(HDRVR hdrvr) { return GetDriverModuleHandle(hdrvr); }

BOOL DriverCallback(DWORD_PTR callback, DWORD flags, HDRVR device, DWORD message, DWORD_PTR user,
                    DWORD_PTR param1, DWORD_PTR param2) {
    const core::CallbackRequest request{.callback = callback,
                                        .flags = flags,
                                        .device = device,
                                        .message = message,
                                        .user = user,
                                        .param1 = param1,
                                        .param2 = param2};
    if (core::driver_callback(request, &core::call_native_callback)) return TRUE;
    const bool window = (flags & DCB_TYPEMASK) == DCB_WINDOW;
    remember_error({.code = window ? ErrorCode::unsupported : ErrorCode::invalid_argument,
                    .operation = "call back",
                    .cause = window ? "there are no windows here"
                                    : "the kind of callback and its target do not fit"});
    return FALSE;
}

HDRVR GetNextDriver(HDRVR hdrvr, DWORD flags) {
    return host_of(hdrvr).life_cycle().next(hdrvr, flags);
}

BOOL GetDriverInfo(HDRVR hdrvr, DRIVERINFOSTRUCT* info) {
    if (info == nullptr || info->length != sizeof(DRIVERINFOSTRUCT)) {
        remember_error({.code = ErrorCode::invalid_argument,
                        .operation = "ask about a driver",
                        .cause = "length is not sizeof(DRIVERINFOSTRUCT)"});
        return FALSE;
    }
    const auto snapshot = host_of(hdrvr).life_cycle().snapshot(hdrvr);
    if (!snapshot) return true_or_remember(failure(snapshot.error()));
    info->hDriver = hdrvr;
    info->hModule = snapshot->module;
    const auto length = std::min(snapshot->name.size(), sizeof info->szAliasName - 1);
    std::memcpy(info->szAliasName, snapshot->name.data(), length);
    info->szAliasName[length] = '\0';
    return TRUE;
}

int instdrv_last_error_code(void) { return last_error().code; }

const char* instdrv_last_error_text(void) { return last_error().text.c_str(); }

BOOL instdrv_close_forced(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2, LRESULT* answer) {
    const auto closed = close_driver(hdrvr, lparam1, lparam2, core::CloseMode::forced);
    if (!closed) return true_or_remember(failure(closed.error()));
    if (answer != nullptr) *answer = *closed;
    return TRUE;
}

int instdrv_exit_session(int notify_timeout_ms, int close_timeout_ms) {
    const auto report =
        current_host().exit_session({.notify_timeout = std::chrono::milliseconds(notify_timeout_ms),
                                     .close_timeout = std::chrono::milliseconds(close_timeout_ms)});
    if (!report) {
        remember_error(report.error());
        return -1;
    }
    return static_cast<int>(
        std::count_if(report->drivers.begin(), report->drivers.end(),
                      [](const ExitDriver& driver) { return !driver.ended_well(); }));
}

BOOL instdrv_set_configuration(LPCSTR path) {
    if (path == nullptr) {
        remember_error({.code = ErrorCode::invalid_argument,
                        .operation = "read the configuration",
                        .cause = "the path is NULL"});
        return FALSE;
    }
    return true_or_remember(current_host().source().read_configuration(path));
}

HANDLE instdrv_create_event(BOOL manual_reset, BOOL initially_set) {
    auto event = Event::create(manual_reset != FALSE, initially_set != FALSE);
    if (event == nullptr) {
        remember_error(io_error("create an event", {}, errno));
        return nullptr;
    }
    const std::uintptr_t handle = kernel_objects().add(std::move(event));
    if (handle == 0) {
        remember_error({.code = ErrorCode::out_of_memory,
                        .operation = "create an event",
                        .cause = "every handle is in use"});
    }
    return reinterpret_cast<HANDLE>(handle);
}

BOOL instdrv_wait_event(HANDLE handle, int timeout_ms) {
    const std::shared_ptr<KernelObject> event = find_event(handle);
    if (event == nullptr) return true_or_remember(failure(no_event("wait for an event")));
    return wait_for({&event, 1}, false, timeout_ms) == WaitResult::signalled ? TRUE : FALSE;
}

BOOL instdrv_close_event(HANDLE handle) {
    if (find_event(handle) == nullptr) return true_or_remember(failure(no_event("close an event")));
    kernel_objects().remove(reinterpret_cast<std::uintptr_t>(handle));
    return TRUE;
}

DWORD instdrv_thread_id(void) { return core::this_thread_id(); }

BOOL instdrv_wait_thread_message(instdrv_thread_message* out, int timeout_ms) {
    if (out == nullptr) return FALSE;
    const auto message = core::next_thread_message(timeout_ms);
    if (!message) return FALSE;
    *out = {.message = message->message,
            .device = reinterpret_cast<HDRVR>(message->wparam),
            .param1 = static_cast<DWORD_PTR>(message->lparam)};
    return TRUE;
}
