// An eventfd(2): a descriptor that one thread makes readable and another polls.
#pragma once

#include "base/fd.hpp"

namespace instdrv {

class EventFd {
public:
    // None, until one is assigned.
    EventFd() noexcept = default;
    // Empty, with errno, when the process is out of descriptors.
    static EventFd make(bool initially_set = false) noexcept;

    [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(fd_); }
    [[nodiscard]] int get() const noexcept { return fd_.get(); }

    // Makes it readable, which it may be already. [any thread, signal handlers]
    void set() const noexcept;
    // Makes it unreadable. False: it was so already, or another thread was faster. Never waits.
    bool clear() const noexcept;

private:
    explicit EventFd(Fd fd) noexcept : fd_(std::move(fd)) {}
    Fd fd_;
};

}  // namespace instdrv
