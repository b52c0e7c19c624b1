// The one thread of this process that starts workers and learns of their deaths, notices and
// output. It lasts as long as the process: workers die with the thread that started them.
#pragma once

#include <functional>
#include <memory>

#include "channel/control.hpp"
#include "supervisor/child_process.hpp"

namespace instdrv::supervisor {

// Who wants to know of a worker. Called on the monitor's thread, which must not be held up.
class WorkerEvents {
public:
    virtual ~WorkerEvents() = default;
    virtual void noticed(const channel::Notice& notice) = 0;
    // There is something to read in the process's output. False: there never will be again.
    virtual bool printed() = 0;
    // The last event. `how` as waitid(2) has it.
    virtual void died(const siginfo_t& how) = 0;
};

class Monitor {
public:
    // Made on first use, never destroyed.
    static Monitor& instance();

    // Starts a worker; the process lives until it is killed or ends itself.
    [[nodiscard]] Result<std::shared_ptr<const ChildProcess>> start(
        const std::filesystem::path& program);
    // Events of a worker from now on, those that have happened too. They end when `events` is gone;
    // the process is reaped all the same. Every started worker has to be watched once.
    void watch(std::shared_ptr<const ChildProcess> child, std::weak_ptr<WorkerEvents> events);

    // No events any more, and its descriptors are let go.
    void forget(std::shared_ptr<const ChildProcess> child);

private:
    Monitor();
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace instdrv::supervisor
