// The one thread of this process that starts workers and learns of their deaths, notices and
// output. It lasts as long as the process: workers die with the thread that started them.
#pragma once

#include <functional>
#include <memory>

#include "channel/control.hpp"
#include "channel/deadline.hpp"
#include "supervisor/child_process.hpp"
#include "supervisor/driver_output.hpp"

namespace instdrv::supervisor {

// The receiver of a worker's events. Called on the monitor's thread, so it must neither wait nor
// throw: without memory, an event does what it can.
class WorkerEvents {
public:
    virtual ~WorkerEvents() = default;
    virtual void noticed(const channel::Notice& notice) noexcept = 0;
    // There is something to read in the process's output. Where it is crowded, the next call comes
    // after Monitor::rest.
    virtual OutputState printed() noexcept = 0;
    // After Monitor::await_room: its control socket takes notices. False: nothing is left to send.
    virtual bool has_room() noexcept = 0;
    // After Monitor::await_room: it has read nothing for Monitor::longest_silence.
    virtual void does_not_read() noexcept = 0;
    // The system does not let the process be watched (`error` is the errno), so its end would go
    // unnoticed. It is ended, unless it belongs to another process; `died` comes next.
    virtual void unwatched(int error) noexcept = 0;
    // The last event. `how` as waitid(2) has it.
    virtual void died(const siginfo_t& how) noexcept = 0;
};

class Monitor {
public:
    using Child = std::shared_ptr<const ChildProcess>;

    static constexpr std::chrono::seconds longest_silence{5};
    // A worker that prints without end waits so long for its pipe to be emptied, and costs this
    // process next to nothing.
    static constexpr std::chrono::milliseconds rest{10};

    // Made on first use, never destroyed. Its thread begins with the first worker; a process that
    // ends waits for the processes it has killed, so that no other process has to reap them.
    static Monitor& instance();

    // Starts a worker; the process lives until it is killed or ends itself. Fails, too, where the
    // system has no thread to give.
    [[nodiscard]] Result<Child> start(const std::filesystem::path& program);
    // Events of a worker from now on, those that have happened too. They end when `events` is gone;
    // the process is reaped all the same. Every started worker has to be watched once.
    Status watch(Child child, std::weak_ptr<WorkerEvents> events);
    // Tells when the control socket of a watched worker takes notices again, until has_room says
    // that nothing is left.
    void await_room(const Child& child) noexcept;
    // Kills a process; it is reaped as soon as it is dead.
    void kill(const Child& child) noexcept;

    // The process ends without leaving main: kills every worker that it still has and waits for
    // them, but not for ever.
    void end_workers();

    // No events any more, and its descriptors are let go.
    void forget(const Child& child) noexcept;

private:
    Monitor();
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace instdrv::supervisor
