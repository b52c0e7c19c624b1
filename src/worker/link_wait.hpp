// How long the calling thread waits for the other side of a link, which a driver called back: from
// the outermost callback on, in all of those that the other side has nested in it by calling the
// driver again. What the driver takes in between does not count.
#pragma once

#include <chrono>

#include "channel/deadline.hpp"

namespace instdrv::worker {

class Link;

// Of one request, on the stack of the thread that makes it.
class LinkWait {
public:
    // Of a client, that long; a supervisor is waited for without end.
    LinkWait(const Link& link, std::chrono::milliseconds time) noexcept;
    ~LinkWait();
    LinkWait(const LinkWait&) = delete;
    LinkWait& operator=(const LinkWait&) = delete;

    // Of the outermost request to that link. It stands still outside of LaneServer's waits.
    [[nodiscard]] channel::Deadline& deadline() noexcept { return *deadline_; }

private:
    const Link& link_;
    channel::Deadline own_;
    channel::Deadline* deadline_ = &own_;
    LinkWait* outer_;  // of this thread, whatever its link
};

}  // namespace instdrv::worker
