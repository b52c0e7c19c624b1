// The queue of notices to a worker. A notice is sent at once where the control socket takes it,
// else kept in order until the socket does. No thread ever waits for a worker that does not read.
// [any thread]
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

#include "base/fd.hpp"
#include "channel/control.hpp"

namespace instdrv::supervisor {

class NoticeQueue {
public:
    // Notices that wait at most: far more than an honest worker ever has unread.
    static constexpr std::size_t capacity = 4096;

    enum class Outcome {
        sent,  // and nothing waits
        kept,  // it waits, or others do: to be flushed when the socket takes more
        full,  // it was thrown away, as there was no room or no memory for it
        gone,  // the socket takes nothing any more; errno says why
    };
    Outcome send(const Fd& socket, const channel::Notice& notice,
                 std::vector<Fd> descriptors = {}) noexcept;
    // Sends of what waits as much as the socket takes now.
    Outcome flush(const Fd& socket) noexcept;

private:
    struct Waiting {
        channel::Notice notice;
        std::vector<Fd> descriptors;
    };
    static channel::Sent try_to_send(const Fd& socket, const Waiting& waiting);

    std::mutex mutex_;
    std::deque<Waiting> waiting_;
};

}  // namespace instdrv::supervisor
