// A thread that carries out one piece of work after another, for as long as somebody holds it. The
// work may have to wait for a driver, a disk or a reader. The thread exists from the start, so that
// the end of a session does not depend on making one. Work that does not return holds up only this
// thread. [any thread]
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace instdrv {

class WorkThread {
public:
    using Clock = std::chrono::steady_clock;
    // Owns what it uses: it may outlive the WorkThread. It must not throw.
    using Work = std::function<void()>;

    // name: of the thread. stack_bytes: what the work may use; 0: as much as the system gives.
    // Fails where the system has no thread to give.
    static Result<std::shared_ptr<WorkThread>> start(std::string_view name,
                                                     std::size_t stack_bytes);
    // Never waits: the thread ends once it has returned from what it is doing. What was not begun
    // is dropped.
    ~WorkThread();
    WorkThread(const WorkThread&) = delete;
    WorkThread& operator=(const WorkThread&) = delete;

    // Done after what was posted before. Never waits.
    void post(Work work);
    // Waits until everything that was posted is done. False: it was not by then.
    bool wait(Clock::time_point until);

private:
    struct Shared;
    explicit WorkThread(std::shared_ptr<Shared> shared) noexcept;
    static void run(Shared& shared);

    std::shared_ptr<Shared> shared_;
};

}  // namespace instdrv
