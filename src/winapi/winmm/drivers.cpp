// The driver functions as drivers themselves call them: for other drivers, and for their clients.
// https://learn.microsoft.com/windows/win32/multimedia/installable-drivers
#include <string>

#include "base/standard_error.hpp"
#include "core/driver_callback.hpp"
#include "core/driver_system.hpp"
#include "image/pe/guarded_call.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/process/process.hpp"
#include "winapi/text/text_arguments.hpp"

namespace instdrv::winapi::winmm {
namespace {

core::DriverSystem* driver_system() {
    const DriverContext* const context = current_context();
    return context == nullptr ? nullptr : context->system;
}

template <class Char>
HDRVR open_driver(const Char* name, const Char* section, LPARAM lparam2) {
    auto* const system = driver_system();
    if (system == nullptr || name == nullptr) return nullptr;
    return system->open(to_utf8_text(name), to_utf8_text(section), lparam2);
}
WINAPI_EXPORT_AS("DrvOpen", in_winmm, open_driver<WCHAR>);
WINAPI_EXPORT_AS("DrvOpenA", in_winmm, open_driver<char>);
WINAPI_EXPORT_AS("OpenDriver", in_winmm, open_driver<WCHAR>);
WINAPI_EXPORT_AS("OpenDriverA", in_winmm, open_driver<char>);

LRESULT CloseDriver(HDRVR driver, LPARAM lparam1, LPARAM lparam2) {
    auto* const system = driver_system();
    return system == nullptr ? 0 : system->close(driver, lparam1, lparam2);
}
WINAPI_EXPORT(CloseDriver, in_winmm);
WINAPI_EXPORT_AS("DrvClose", in_winmm, CloseDriver);

LRESULT SendDriverMessage(HDRVR driver, UINT message, LPARAM lparam1, LPARAM lparam2) {
    auto* const system = driver_system();
    return system == nullptr ? 0 : system->send(driver, message, lparam1, lparam2);
}
WINAPI_EXPORT_AS("DrvSendMessage", in_winmm, SendDriverMessage);
WINAPI_EXPORT(SendDriverMessage, in_winmm);

HMODULE GetDriverModuleHandle(HDRVR driver) {
    auto* const system = driver_system();
    return system == nullptr ? nullptr : system->module_handle(driver);
}
WINAPI_EXPORT_AS("DrvGetModuleHandle", in_winmm, GetDriverModuleHandle);
WINAPI_EXPORT(GetDriverModuleHandle, in_winmm);

LRESULT DefDriverProc(DWORD_PTR, HDRVR, UINT message, LPARAM, LPARAM) {
    return core::default_answer(message);
}
WINAPI_EXPORT(DefDriverProc, in_winmm);
WINAPI_EXPORT_AS("DrvDefDriverProc", in_winmm, DefDriverProc);

// The client may be a driver too: another PE image of this process.
bool is_image_function(const core::CallbackRequest& request) {
    const auto* const function = reinterpret_cast<const void*>(request.callback);
    return (request.flags & DCB_TYPEMASK) == DCB_FUNCTION &&
           Process::instance().loader().find_by_address(function) != nullptr;
}

void call_image_function(const core::CallbackRequest& request) {
    const auto result = pe::guarded_call(
        reinterpret_cast<const void*>(request.callback), reinterpret_cast<pe::Word>(request.device),
        request.message, request.user, request.param1, request.param2);
    if (result.broken != nullptr) {
        print_message("a driver's callback ended: {}", result.broken->text());
    }
}

bool deliver_callback(const core::CallbackRequest& request) {
    if (is_image_function(request)) {
        call_image_function(request);
        return true;
    }
    auto* const system = driver_system();
    return system == nullptr ? core::driver_callback(request, core::call_native_callback)
                             : system->callback(request);
}

BOOL DriverCallback(DWORD_PTR callback, DWORD flags, HDRVR device, DWORD message, DWORD_PTR user,
                    DWORD_PTR param1, DWORD_PTR param2) {
    const core::CallbackRequest request{.callback = callback,
                                        .flags = flags,
                                        .device = device,
                                        .message = message,
                                        .user = user,
                                        .param1 = param1,
                                        .param2 = param2};
    return deliver_callback(request) ? TRUE : FALSE;
}
WINAPI_EXPORT(DriverCallback, in_winmm, Coverage::partial,
              "DCB_WINDOW fails: there are no windows");

}  // namespace

}  // namespace instdrv::winapi::winmm
