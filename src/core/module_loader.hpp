// The interface that loads modules: the request to a loader, and its limits.
#pragma once

#include <instdrv/error.hpp>
#include <instdrv/placement.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/windows_locale.hpp"
#include "core/call_watch.hpp"
#include "core/module.hpp"
#include "core/request_rate.hpp"

namespace instdrv::core {

// A load under way, as whoever stops waiting for it sees it. [any thread]
class LoadUnderWay {
public:
    // Sets the function that ends the driver's code which the load runs. It is called at most once,
    // and at once if the load was given up before; it does not wait.
    void ended_by(std::function<void()> end);
    // Gives the load up: its caller waits no longer.
    void abandon();

private:
    std::mutex mutex_;
    bool abandoned_ = false;
    std::function<void()> end_;
};

// The workers that one driver of a program's caused, by opening others, and they in turn.
// [any thread]
class WorkerQuota {
public:
    explicit WorkerQuota(std::uint32_t most) noexcept : most_(most) {}
    // One of them; it counts until it is let go. Null: there are as many as there may be.
    static std::shared_ptr<void> take(const std::shared_ptr<WorkerQuota>& from);
    // Counts one that is about to start, and waits where too many did, up to a second.
    void pace() noexcept { starts_.wait(1, std::chrono::seconds(1)); }

private:
    RequestRate starts_{16};
    const std::uint32_t most_;
    std::atomic<std::uint32_t> used_{0};
};

// The rights of a driver in a worker to ask for other drivers.
struct AskingRights {
    std::vector<std::string> may_open;  // drivers by name, besides those that every driver may open
    std::uint32_t most_opened = 256;    // instances of others that it has open at a time
    std::uint32_t most_workers = 16;    // WorkerQuota, where a program opens it
    // RequestRate: what its own threads ask for, and what it opens and closes on any thread.
    std::uint32_t most_requests = 100'000;
    // The quota of the driver that causes the load; null if a program does.
    std::shared_ptr<WorkerQuota> caused_by;
};

// Where a driver lies and keeps what it has.
struct DriverPlace {
    std::filesystem::path file;          // absolute, without links
    std::filesystem::path state_folder;  // absolute; made when it is needed
};

struct ModuleRequest {
    std::filesystem::path file;          // absolute, without links: the module's identity
    std::filesystem::path state_folder;  // of the driver; absolute; made when it is needed
    Placement placement = Placement::worker;
    Recovery recovery = Recovery::fail;
    // Drivers of one group share a worker; empty: a worker of its own. `companions` are all
    // drivers of the group, which the worker may come to load.
    std::string group;
    std::vector<DriverPlace> companions;
    std::optional<std::chrono::milliseconds> deadline;  // of each of its calls; none: the default
    std::uint32_t most_clients = 512;  // other programs that share its worker at a time
    std::uint64_t state_limit = std::uint64_t{1} << 30;  // bytes that its state folder may hold
    std::uint32_t most_files = 100'000;                  // and folders, that it may hold
    AskingRights rights;
    TextSettings text;         // for Windows drivers
    std::string traced_calls;  // Windows' functions, as HostOptions has them; empty: none
};

// Loads driver files.
class ModuleLoader {
public:
    virtual ~ModuleLoader() = default;
    // Runs the driver's code for being loaded, on the calling thread.
    virtual Result<std::unique_ptr<Module>> load(const ModuleRequest& request,
                                                 LoadUnderWay& under_way) = 0;
    // Makes the CallWatch of a loaded module; null if nobody observes it. Called once for each
    // module.
    virtual std::unique_ptr<CallWatch> watch(Module&, const ModuleRequest&) { return nullptr; }
};

}  // namespace instdrv::core
