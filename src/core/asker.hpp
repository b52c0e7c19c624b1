// A driver in a worker that asks the system for other drivers: its rights and quotas.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/module_loader.hpp"
#include "core/opened_instances.hpp"

namespace instdrv::core {

struct Asker {
    std::string name;                             // for people
    std::vector<std::filesystem::path> folders;   // that its files lie in
    std::chrono::system_clock::time_point began;  // its worker did
    AskingRights rights;
    std::shared_ptr<WorkerQuota> workers;     // those that it causes come out of it
    std::shared_ptr<OpenedInstances> opened;  // of others
};

}  // namespace instdrv::core
