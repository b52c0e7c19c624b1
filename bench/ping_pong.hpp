// Round trips between two processes with nothing else in them: what a message to a worker is
// measured against.
#pragma once

#include <functional>
#include <memory>

#include <sys/types.h>

namespace instdrv::bench {

// A child process that answers for as long as this lives. Made before the program has threads.
class Echo {
public:
    // answer: waits for one message and answers it, in the child. False: the end.
    explicit Echo(const std::function<bool()>& answer);
    ~Echo();
    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;

private:
    pid_t child_;
};

class PingPong {
public:
    virtual ~PingPong() = default;
    virtual void round_trip() = 0;
};

// Two bells in shared memory, heard with a channel's listeners: a futex with an adaptive spin.
std::unique_ptr<PingPong> futex_ping_pong();
// A SOCK_SEQPACKET socket pair; messages of 64 bytes, as much as a channel's without its text.
std::unique_ptr<PingPong> socket_ping_pong();

}  // namespace instdrv::bench
