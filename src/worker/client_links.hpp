// The links of the supervisor's clients, and the threads that serve them. One thread reads the
// control sockets of all links, and the threads that serve calls have small stacks, so that a
// client costs the drivers little. A client for which there is no room gets an error, and nothing
// else changes.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/event_fd.hpp"
#include "base/fd.hpp"
#include "channel/control.hpp"
#include "worker/link.hpp"

namespace instdrv::worker {

class ClientLinks {
public:
    // The stack of a client's thread in a driver, in bytes: the default of a program's thread on
    // Windows.
    static constexpr std::size_t stack_size = std::size_t{1} << 20;
    // The most threads of all clients together. Their stacks are at most half of the memory that
    // drivers may allocate.
    static constexpr int most_threads = 512;

    explicit ClientLinks(CallHandler& handler) noexcept : handler_(handler) {}
    // Once, before clients come.
    Status prepare();

    // [the thread that listens] from here on.
    // Where it cannot be, the client finds its socket closed.
    void add(std::uint32_t number, Fd region, Fd control);
    // The client is gone, or the supervisor takes its channel away.
    void remove(std::uint32_t number);
    // Removes the links that were given up; their clients find their sockets closed. Called when
    // `given_up` can be read.
    void remove_given_up();
    [[nodiscard]] const EventFd& given_up() const noexcept { return given_up_; }
    // All that there are, into what has room for channel::CallbackToken::most_channels.
    void list(std::vector<std::shared_ptr<Link>>& into) const;
    // Takes a notice off the link's control socket.
    void hear(const std::shared_ptr<Link>& link);

    // Null: it has ended. [any thread]
    [[nodiscard]] std::shared_ptr<Link> find(std::uint32_t number) const;
    // The client of that link does not answer: nobody waits for it any more. [any thread]
    void give_up(Link& link);

private:
    void open_lane(const std::shared_ptr<Link>& link, std::uint32_t lane);
    Status serve(const std::shared_ptr<Link>& link, std::uint32_t lane);

    CallHandler& handler_;
    PartsQuota quota_;
    EventFd given_up_;
    std::shared_ptr<std::atomic<int>> threads_ = std::make_shared<std::atomic<int>>(0);
    mutable std::mutex mutex_;
    std::map<std::uint32_t, std::shared_ptr<Link>> links_;
};

}  // namespace instdrv::worker
