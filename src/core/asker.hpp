// A driver in a worker that asks the system for other drivers: its rights and quotas.
#pragma once

#include <instdrv/driver.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/module_loader.hpp"

namespace instdrv::core {

// The instances of other drivers that the drivers of a worker have open, and the limit of their
// number. [any thread]
class OpenedInstances {
public:
    // Reserves a place for an instance that is to be opened; settle must follow. False if there are
    // `most` instances. is_open: looks an instance up, as others may have closed counted ones.
    bool reserve(std::size_t most, const std::function<bool(HDRVR)>& is_open);
    // Puts the opened instance into the reserved place; null if none was opened. Allocates nothing.
    void settle(HDRVR hdrvr) noexcept;
    void closed(HDRVR hdrvr) noexcept;

private:
    std::mutex mutex_;
    std::size_t reserved_ = 0;
    std::vector<HDRVR> open_;  // with room for what is reserved
};

struct Asker {
    std::string name;                             // for people
    std::vector<std::filesystem::path> folders;   // that its files lie in
    std::chrono::system_clock::time_point began;  // its worker did
    AskingRights rights;
    std::shared_ptr<WorkerQuota> workers;     // those that it causes come out of it
    std::shared_ptr<OpenedInstances> opened;  // of others
};

}  // namespace instdrv::core
