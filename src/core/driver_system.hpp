// The driver functions as a driver itself sees them: what winmm's OpenDriver and its relatives call
// when a driver opens, messages or closes another one, or tells its client of something.
// Implemented by the host in this process, in a worker by its channel. [any thread, inside a driver
// call]
#pragma once

#include <instdrv/driver.h>

#include <string_view>

#include "core/driver_callback.hpp"

namespace instdrv::core {

class DriverSystem {
public:
    virtual ~DriverSystem() = default;

    // As the C functions of the same meaning: 0 or null on failure. Text is UTF-8.
    virtual HDRVR open(std::string_view name, std::string_view section, LPARAM lparam2) = 0;
    virtual LRESULT close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) = 0;
    virtual LRESULT send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) = 0;
    virtual HMODULE module_handle(HDRVR hdrvr) = 0;
    // DriverCallback, for what is not a function of the driver's own process.
    virtual bool callback(const CallbackRequest& request) = 0;
};

// DefDriverProc's answer: 1 for LOAD, FREE, ENABLE, DISABLE, INSTALL and REMOVE, else 0. Inline, as
// a driver's way through it is the shortest there is.
// https://learn.microsoft.com/windows/win32/api/mmiscapi/nf-mmiscapi-defdriverproc
constexpr LRESULT default_answer(UINT message) noexcept {
    switch (message) {
        case DRV_LOAD:
        case DRV_FREE:
        case DRV_ENABLE:
        case DRV_DISABLE:
        case DRV_INSTALL:
        case DRV_REMOVE: return 1;
        default: return 0;
    }
}

}  // namespace instdrv::core
