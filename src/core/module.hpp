// What the life cycle needs from a loaded driver file, whatever it is and wherever it runs.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>

#include <filesystem>
#include <memory>
#include <string_view>

namespace instdrv::core {

// What came back from a driver. Two registers, so that the common case costs nothing: `broken` is
// null when the driver answered; otherwise it says why the call broke off, and is valid until the
// next broken call on this thread.
struct Answer {
    LRESULT value = 0;
    const Error* broken = nullptr;
};

// A loaded driver file. Destroying it unloads it. [any thread; concurrent calls are allowed]
class Module {
public:
    virtual ~Module() = default;

    // Calls DriverProc on the calling thread.
    virtual Answer call(DWORD_PTR driver_id, HDRVR hdrvr, UINT message, LPARAM lparam1,
                        LPARAM lparam2) noexcept = 0;

    [[nodiscard]] virtual HMODULE handle() const noexcept = 0;
    [[nodiscard]] virtual std::string_view kind() const noexcept = 0;  // "PE32+ x86-64"
    // A Windows DLL: its DRV_OPEN text is UTF-16, and it gets a hidden session instance.
    [[nodiscard]] virtual bool is_windows() const noexcept = 0;
};

// Loads driver files. `file` is an absolute path without links: the module's identity.
class ModuleLoader {
public:
    virtual ~ModuleLoader() = default;
    virtual Result<std::unique_ptr<Module>> load(const std::filesystem::path& file) = 0;
};

}  // namespace instdrv::core
