// Loads driver files into this process: Windows DLLs through the PE loader and the Windows layer,
// native drivers through dlopen.
//
// Nothing here protects the process from the driver. A call into a Windows DLL is guarded as far as
// that goes in one process: a missing import, an exit and an exception that nobody handles end the
// call, not the program.
#pragma once

#include <memory>

#include "core/driver_system.hpp"
#include "core/module.hpp"

namespace instdrv::worker {

class LocalLoader final : public core::ModuleLoader {
public:
    // What drivers' own OpenDriver and relatives talk to; outlives the loader's modules.
    explicit LocalLoader(core::DriverSystem& system);

    Result<std::unique_ptr<core::Module>> load(const core::ModuleRequest& request,
                                               core::LoadUnderWay&) override;

private:
    core::DriverSystem& system_;
};

}  // namespace instdrv::worker
