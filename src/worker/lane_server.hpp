// Serves the calls that come on one lane of a link, for one thread: the worker's side of the
// protocol in channel/layout.hpp.
#pragma once

#include <cstddef>
#include <string_view>

#include "channel/layout.hpp"
#include "channel/protocol.hpp"

namespace instdrv::worker {

class Link;

// Carries calls out.
class CallHandler {
public:
    virtual ~CallHandler() = default;
    // Puts the answer into `out`. [the lane's thread]
    virtual void carry_out(Link& link, const channel::Received& call, channel::Message& out) = 0;
};

class LaneServer {
public:
    // The link outlives it.
    LaneServer(Link& link, std::size_t lane);
    ~LaneServer();
    LaneServer(const LaneServer&) = delete;
    LaneServer& operator=(const LaneServer&) = delete;

    // Serves calls until the link has ended. One that the other side has kept waiting is not
    // answered any more.
    void serve();

    // Asks the other side for something and serves its calls until it has replied. Also as the
    // first word of a conversation, on a lane of the worker's. Where the link ends or the deadline
    // passes meanwhile, what it returns has no turn. The deadline stands still during its calls.
    // After a deadline that has passed, the link is of no more use.
    channel::Received request(channel::What what, const channel::Words& words,
                              std::string_view text, channel::Deadline& deadline);

    [[nodiscard]] Link& link() const noexcept { return link_; }
    // The other side is gone: nobody is waited for any more. [any thread]
    void end() noexcept;

    // The one the calling thread is in, null for a thread that a driver started.
    static LaneServer* of_this_thread() noexcept;
    // Makes it the calling thread's for a scope.
    class Scope {
    public:
        explicit Scope(LaneServer& lane) noexcept;
        ~Scope();
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

    private:
        LaneServer* previous_;
    };

private:
    // False: the link has ended, or the deadline has passed.
    bool hear(channel::Deadline& deadline);
    // The same of what a request is answered with.
    bool hear_reply(channel::Deadline& deadline);
    // Carries a call out that came in place of a reply. A client's are not trusted to end somewhere
    // before the thread's stack does.
    void nest(const channel::Received& call);

    Link& link_;
    channel::Lane& lane_;
    channel::Listener listener_;
    int depth_ = 0;  // of nested calls
    // The other side was asked and has not replied: it would take what comes now for the answer to
    // whatever it called in place of that.
    bool is_broken_off_ = false;
};

}  // namespace instdrv::worker
