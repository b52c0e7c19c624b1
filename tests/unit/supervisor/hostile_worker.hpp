// A Worker whose other side is a thread of the test: whatever it does, the supervisor's side has to
// come back.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include "base/tsan.hpp"
#include "channel/protocol.hpp"
#include "channel/region.hpp"
#include "supervisor/worker.hpp"

namespace instdrv::supervisor {

// Answers every request with 1 after `before_reply`.
class Obliging final : public RequestHandler {
public:
    explicit Obliging(std::function<void(Worker&)> before_reply = [](Worker&) {})
        : before_reply_(std::move(before_reply)) {}
    void handle(Worker& worker, const channel::Received&, channel::Message& lane) override {
        ++served_;
        before_reply_(worker);
        channel::send(lane, channel::Turn::reply, channel::What::module_handle, channel::Words{1});
    }
    [[nodiscard]] int served() const noexcept { return served_; }

private:
    std::function<void(Worker&)> before_reply_;
    std::atomic<int> served_{0};
};

class HostileWorker {
public:
    explicit HostileWorker(std::shared_ptr<RequestHandler> requests) {
        auto region = channel::Region::create(channel::arena_offset + (std::size_t{1} << 20));
        std::array<int, 2> ends{};
        ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data());
        control_ = Fd(ends[1]);
        stand_in_ = ::fork();  // a process that can be killed in the worker's place
        if (stand_in_ == 0) {
            ::pause();
            ::_exit(0);
        }
        child_ = std::make_shared<const ChildProcess>(ChildProcess::shared(
            Fd(static_cast<int>(::syscall(SYS_pidfd_open, stand_in_, 0))), Fd(ends[0])));
        WorkerOptions options;
        options.name = "hostile.dll";
        options.shared = true;
        worker_ = Worker::over(options, std::move(requests), std::move(*region), child_);
    }
    ~HostileWorker() {
        over_ = true;
        if (side_.joinable()) side_.join();
        ::kill(stand_in_, SIGKILL);
        ::waitpid(stand_in_, nullptr, 0);
    }
    HostileWorker(const HostileWorker&) = delete;
    HostileWorker& operator=(const HostileWorker&) = delete;

    Worker& operator*() const noexcept { return *worker_; }
    Worker* operator->() const noexcept { return worker_.get(); }
    // Returns once it is known to be dead; it has to be watched.
    void die() {
        ::kill(stand_in_, SIGKILL);
        while (!worker_->is_dead())
            std::this_thread::yield();
    }
    [[nodiscard]] const Fd& control() const noexcept { return control_; }
    Status watch() { return Monitor::instance().watch(child_, worker_); }

    // Once it is called on lane 0, does so again and again until the end.
    void from_its_call_on(std::function<void(channel::Lane&)> act) {
        side_ = std::thread([this, act = std::move(act)] {
            const tsan::OfAnotherProcess scope;
            auto& lane = worker_->region().lane(0);
            while (lane.to_worker.bell.rung == 0 && !over_)
                std::this_thread::yield();
            while (!over_)
                act(lane);
        });
    }

private:
    pid_t stand_in_ = -1;
    Fd control_;
    std::shared_ptr<const ChildProcess> child_;
    std::shared_ptr<Worker> worker_;
    std::atomic<bool> over_{false};
    std::thread side_;
};

inline void ask(channel::Lane& lane) {
    channel::send(lane.to_supervisor, channel::Turn::request, channel::What::module_handle,
                  channel::Words{1});
    channel::ring(lane.to_supervisor.bell);
}

}  // namespace instdrv::supervisor
