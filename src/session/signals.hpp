// A source that announces the end of the session on SIGTERM, SIGINT and SIGHUP.
#pragma once

#include <memory>

#include "base/fd.hpp"
#include "session/source.hpp"

namespace instdrv::session {

// Made before any thread starts: it blocks the signals in the calling thread, and threads started
// afterwards inherit that. They stay blocked, so that a second signal does not end the process
// while drivers are being told; an exit takes a bounded time anyway. A signal that is ignored when
// the program starts (nohup, background jobs) stays ignored. SIGPIPE and SIGXFSZ are ignored
// from then on: a reader of our output that goes away must not take the drivers with it, nor a file
// of ours that may not grow.
class SignalSource final : public Source {
public:
    static Result<std::unique_ptr<SignalSource>> open();

    Status start(EventLoop& loop, Listener& listener) override;

private:
    explicit SignalSource(Fd fd) noexcept : fd_(std::move(fd)) {}
    void read_one(Listener& listener);

    Fd fd_;
    Watch watch_;
};

}  // namespace instdrv::session
