// SIGTERM, SIGINT and SIGHUP as the end of the session.
#pragma once

#include <memory>

#include "base/fd.hpp"
#include "session/end_source.hpp"

namespace instdrv::session {

// Made before any thread starts: it blocks the signals in the calling thread, and threads started
// afterwards inherit that. They stay blocked, so that a second signal does not end the process
// while drivers are being told; an exit takes a bounded time anyway. A signal that is ignored when
// the program starts (nohup, background jobs) stays ignored. SIGPIPE is ignored from then on: a
// reader of our output that goes away must not take the drivers with it.
class SignalSource final : public EndSource {
public:
    static Result<std::unique_ptr<SignalSource>> open();

    [[nodiscard]] int fd() const noexcept override { return fd_.get(); }
    std::optional<End> take() override;

private:
    explicit SignalSource(Fd fd) noexcept : fd_(std::move(fd)) {}
    Fd fd_;
};

}  // namespace instdrv::session
