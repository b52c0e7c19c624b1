// Replaces a file as a whole, on a thread of its own. It always writes the newest text, and skips
// texts that were replaced before it got to them.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/work_thread.hpp"

namespace instdrv::service {

class WriteBehind {
public:
    using Clock = WorkThread::Clock;
    // Is told of the first failure, after which nothing more is written. [the writer's thread]
    using Complaint = std::function<void(const Error&)>;

    static Result<std::unique_ptr<WriteBehind>> start(std::filesystem::path file,
                                                      Complaint complain);

    using Version = std::uint64_t;
    // What the file shall hold from now on. Never waits. [any thread]
    Version set(std::string text);
    // Waits until a text is on the disk, or a newer one, or nothing is written any more.
    // [any thread]
    void wait_for(Version version);
    // Waits until the newest text is on the disk. False: it was not by then, and the thread is
    // still at it. [any thread]
    bool finish(Clock::time_point until) { return writer_->wait(until); }

private:
    struct State;
    WriteBehind(std::shared_ptr<State> state, std::shared_ptr<WorkThread> writer)
        : state_(std::move(state)), writer_(std::move(writer)) {}

    std::shared_ptr<State> state_;
    std::shared_ptr<WorkThread> writer_;
};

}  // namespace instdrv::service
