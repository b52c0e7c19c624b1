// The functions of <instdrv/driver.h> as a native driver in a worker finds them: exported by the
// worker program, where the library exports those of a host.
#include <instdrv/driver.h>

#include "base/text.hpp"
#include "core/driver_callback.hpp"
#include "worker/server.hpp"

using instdrv::to_utf8;
using instdrv::wide_view;
using instdrv::worker::Server;

namespace {

std::string_view text(LPCSTR text) { return text == nullptr ? "" : text; }

}  // namespace

HDRVR OpenDriver(LPCWSTR driver_name, LPCWSTR section_name, LPARAM lparam2) {
    if (driver_name == nullptr) return nullptr;
    return Server::of_this_process()->open(to_utf8(driver_name), to_utf8(wide_view(section_name)),
                                           lparam2);
}

HDRVR OpenDriverA(LPCSTR driver_name, LPCSTR section_name, LPARAM lparam2) {
    if (driver_name == nullptr) return nullptr;
    return Server::of_this_process()->open(driver_name, text(section_name), lparam2);
}

LRESULT CloseDriver(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) {
    return Server::of_this_process()->close(hdrvr, lparam1, lparam2);
}

LRESULT SendDriverMessage(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) {
    return Server::of_this_process()->send(hdrvr, message, lparam1, lparam2);
}

LRESULT DefDriverProc(DWORD_PTR, HDRVR, UINT message, LPARAM, LPARAM) {
    return instdrv::core::default_answer(message);
}

LRESULT DrvDefDriverProc(DWORD_PTR, HDRVR, UINT message, LPARAM, LPARAM) {
    return instdrv::core::default_answer(message);
}

HMODULE GetDriverModuleHandle(HDRVR hdrvr) {
    return Server::of_this_process()->module_handle(hdrvr);
}

HMODULE DrvGetModuleHandle(HDRVR hdrvr) { return Server::of_this_process()->module_handle(hdrvr); }

BOOL DriverCallback(DWORD_PTR callback, DWORD flags, HDRVR device, DWORD message, DWORD_PTR user,
                    DWORD_PTR param1, DWORD_PTR param2) {
    return Server::of_this_process()->callback({.callback = callback,
                                                .flags = flags,
                                                .device = device,
                                                .message = message,
                                                .user = user,
                                                .param1 = param1,
                                                .param2 = param2})
               ? TRUE
               : FALSE;
}
