// Loads each driver where it is to run: into a worker, or into this process.
#pragma once

#include "core/driver_system.hpp"
#include "core/module.hpp"
#include "supervisor/requests.hpp"
#include "supervisor/worker_loader.hpp"
#include "worker/local_loader.hpp"

namespace instdrv {

class PlacedLoader final : public core::ModuleLoader {
public:
    // `system` is what drivers in this process talk to and outlives the loader; `confined_system`
    // finds what those in workers talk to.
    PlacedLoader(core::DriverSystem& system, supervisor::Requests::FindSystem confined_system,
                 supervisor::Requests::Died died, const std::filesystem::path& state_folder)
        : local_(system, state_folder),
          workers_(
              std::make_shared<supervisor::Requests>(std::move(confined_system), std::move(died)),
              state_folder) {}

    Result<std::unique_ptr<core::Module>> load(const core::ModuleRequest& request) override {
        if (request.placement == Placement::in_process) return local_.load(request);
        return workers_.load(request);
    }

private:
    worker::LocalLoader local_;
    supervisor::WorkerLoader workers_;
};

}  // namespace instdrv
