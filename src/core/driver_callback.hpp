// DriverCallback: how a driver tells its client of something.
// https://learn.microsoft.com/windows/win32/api/mmiscapi/nf-mmiscapi-drivercallback
#pragma once

#include <instdrv/driver.h>

namespace instdrv::core {

struct CallbackRequest {
    DWORD_PTR callback = 0;  // function, event HANDLE or thread id, by the kind in `flags`
    DWORD flags = 0;         // DCB_*
    HDRVR device = nullptr;
    DWORD message = 0;
    DWORD_PTR user = 0;
    DWORD_PTR param1 = 0;
    DWORD_PTR param2 = 0;
};

// Calls the function of a DCB_FUNCTION request: who knows whether it is native or PE code says how.
using CallbackCaller = void (*)(const CallbackRequest& request);

// Calls it as native code, which is what a client of this library passes.
void call_native_callback(const CallbackRequest& request);

// True when it was delivered. DCB_NOSWITCH is ignored; DCB_NULL, DCB_WINDOW and undefined kinds,
// a null callback, a handle that is no event and a thread without a queue give false. [any thread]
bool driver_callback(const CallbackRequest& request, CallbackCaller call_function);

}  // namespace instdrv::core
