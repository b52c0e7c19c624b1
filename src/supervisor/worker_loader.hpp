// Loads driver files into workers: the program for the file's machine, confined to the file's
// folder and its state folder. Files of one group share a worker.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/module.hpp"
#include "core/module_loader.hpp"
#include "sandbox/policy.hpp"
#include "supervisor/worker.hpp"

namespace instdrv::supervisor {

// Where a program is that instdrv starts: beside the file that this code is in, or where it was
// installed.
std::filesystem::path own_program(const char* name);
// The same for a program that is confined, such as "instdrv-parser". The folder that
// INSTDRV_WORKERS names comes first.
std::filesystem::path confined_program(const char* name);
// The worker program for a machine.
std::filesystem::path worker_program(sandbox::Architecture architecture);

// Would it be loaded, as far as can be said without running it? Its file's header is read, its
// state folder looked through, a policy made.
Status check_loadable(const core::ModuleRequest& request);

class WorkerLoader final : public core::ModuleLoader {
public:
    // Makes what a driver needs that is about to be loaded; null: nothing.
    using Prepare = std::function<Status(const core::ModuleRequest&)>;

    explicit WorkerLoader(std::shared_ptr<RequestHandler> requests, Prepare prepare = {});

    // The file's header is read here to choose the program; all else happens in the worker.
    Result<std::unique_ptr<core::Module>> load(const core::ModuleRequest& request,
                                               core::LoadUnderWay& under_way) override;

private:
    Result<std::shared_ptr<Worker>> worker_for(const core::ModuleRequest& request,
                                               const sandbox::Policy& policy);
    Result<std::shared_ptr<Worker>> start(const core::ModuleRequest& request,
                                          const sandbox::Policy& policy);

    std::shared_ptr<RequestHandler> requests_;
    Prepare prepare_;
    std::mutex mutex_;
    std::map<std::string, std::weak_ptr<Worker>> groups_;  // by group and machine
};

}  // namespace instdrv::supervisor
