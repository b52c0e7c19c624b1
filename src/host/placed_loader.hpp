// Loads each driver where it is to run: into a worker, or into this process.
#pragma once

#include "core/driver_system.hpp"
#include "core/module.hpp"
#include "host/observed_module.hpp"
#include "supervisor/requests.hpp"
#include "supervisor/worker_loader.hpp"
#include "worker/local_loader.hpp"

namespace instdrv {

class PlacedLoader final : public core::ModuleLoader {
public:
    // `system` is what drivers in this process talk to and outlives the loader; `confined_system`
    // finds what those in workers talk to. `prepare` makes what a driver needs that can be loaded,
    // and is not called for what is no driver.
    PlacedLoader(core::DriverSystem& system, supervisor::Requests::FindSystem confined_system,
                 supervisor::Requests::Died died, supervisor::WorkerLoader::Prepare prepare,
                 std::shared_ptr<CallObserver> observer)
        : local_(system, prepare),
          workers_(
              std::make_shared<supervisor::Requests>(std::move(confined_system), std::move(died)),
              std::move(prepare)),
          observer_(std::move(observer)) {}

    Result<std::unique_ptr<core::Module>> load(const core::ModuleRequest& request,
                                               core::LoadUnderWay& under_way) override {
        auto module = request.placement == Placement::in_process
                          ? local_.load(request, under_way)
                          : workers_.load(request, under_way);
        if (!module || observer_ == nullptr) return module;
        return std::make_unique<ObservedModule>(*std::move(module), request.file.string(),
                                                observer_);
    }

private:
    worker::LocalLoader local_;
    supervisor::WorkerLoader workers_;
    std::shared_ptr<CallObserver> observer_;  // null: nobody watches
};

}  // namespace instdrv
