// Loads each driver into its placement: a worker, or this process.
#pragma once

#include "core/driver_system.hpp"
#include "core/module_loader.hpp"
#include "host/observed_calls.hpp"
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
        return request.placement == Placement::in_process ? local_.load(request, under_way)
                                                          : workers_.load(request, under_way);
    }
    std::unique_ptr<core::CallWatch> watch(core::Module& module,
                                           const core::ModuleRequest& request) override {
        if (observer_ == nullptr) return nullptr;
        return std::make_unique<ObservedCalls>(module, request.file.string(), observer_);
    }

private:
    worker::LocalLoader local_;
    supervisor::WorkerLoader workers_;
    std::shared_ptr<CallObserver> observer_;  // null: nobody watches
};

}  // namespace instdrv
