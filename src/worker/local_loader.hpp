// Loads driver files into this process: Windows DLLs through the PE loader and the Windows layer,
// native drivers through dlopen.
//
// Nothing here protects the process from the driver. A call into a Windows DLL is guarded as far as
// one process allows: a missing import, an exit and an exception that no handler takes end the
// call, not the program.
#pragma once

#include <functional>
#include <memory>

#include "core/driver_system.hpp"
#include "core/module.hpp"
#include "core/module_loader.hpp"

namespace instdrv::worker {

class LocalLoader final : public core::ModuleLoader {
public:
    // Makes what a driver needs that is about to be loaded; null: nothing.
    using Prepare = std::function<Status(const core::ModuleRequest&)>;

    // system: what drivers' own OpenDriver and relatives talk to; outlives the loader's modules.
    explicit LocalLoader(core::DriverSystem& system, Prepare prepare = {});

    Result<std::unique_ptr<core::Module>> load(const core::ModuleRequest& request,
                                               core::LoadUnderWay&) override;

private:
    core::DriverSystem& system_;
    Prepare prepare_;
};

}  // namespace instdrv::worker
