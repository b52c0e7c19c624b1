// Runs work that may wait for a driver on threads of its own, and posts the results to the loop.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "base/work_thread.hpp"
#include "session/event_loop.hpp"

namespace instdrv::service {

class Jobs {
public:
    using Action = std::function<void()>;
    // Runs on the job's thread. What it returns runs on the loop afterwards.
    using Work = std::function<Action()>;

    static Result<std::unique_ptr<Jobs>> open(session::EventLoop& loop);
    Jobs(const Jobs&) = delete;
    Jobs& operator=(const Jobs&) = delete;
    // Actions that have not run yet never will. Threads go on; what they use they own.
    ~Jobs();

    // Starts a thread for the job. If the system has no thread left, such jobs share one. [loop
    // thread]
    void start(Work work);
    // The same on the thread that is kept for what cannot do without: one of these at a time.
    void start_kept(Work work);
    // A function that has actions run on the loop, one after another. It may be called from any
    // thread and outlive this object, which makes it do nothing.
    using Post = std::function<void(Action)>;
    [[nodiscard]] Post post() const;

    // Jobs whose work has not returned.
    [[nodiscard]] std::size_t running() const noexcept;

private:
    struct Shared;
    Jobs(std::shared_ptr<Shared> shared, std::shared_ptr<WorkThread> kept,
         std::shared_ptr<WorkThread> spare) noexcept
        : shared_(std::move(shared)), kept_(std::move(kept)), spare_(std::move(spare)) {}
    [[nodiscard]] std::function<void()> job_of(Work work);
    void run_actions();

    std::shared_ptr<Shared> shared_;
    std::shared_ptr<WorkThread> kept_;
    std::shared_ptr<WorkThread> spare_;
    session::Watch watch_;
};

}  // namespace instdrv::service
