// A thread's conversation with the supervisor over one lane: the worker's side of what
// channel/layout.hpp describes.
#pragma once

#include <string_view>

#include "channel/layout.hpp"
#include "channel/protocol.hpp"

namespace instdrv::worker {

// Carries the supervisor's calls out.
class CallHandler {
public:
    virtual ~CallHandler() = default;
    // Puts the answer into the lane's message. [the lane's thread]
    virtual void carry_out(const channel::Received& call, channel::Message& lane) = 0;
};

class Talk {
public:
    Talk(channel::Lane& lane, std::uint32_t spin_limit, CallHandler& handler) noexcept
        : lane_(lane), handler_(handler), listener_(spin_limit) {}
    Talk(const Talk&) = delete;
    Talk& operator=(const Talk&) = delete;

    // Serves calls for as long as the process lives.
    [[noreturn]] void serve();

    // Asks the supervisor for something and serves its calls until it has replied. Also as the
    // first word of a conversation, on a lane of the worker's.
    channel::Received request(channel::What what, const channel::Words& words,
                              std::string_view text = {});

    // The one the calling thread is in, null for a thread that a driver started.
    static Talk* of_this_thread() noexcept;
    // Makes it the calling thread's for a scope.
    class Scope {
    public:
        explicit Scope(Talk& talk) noexcept;
        ~Scope();
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

    private:
        Talk* previous_;
    };

private:
    channel::Received hear();

    channel::Lane& lane_;
    CallHandler& handler_;
    channel::Listener listener_;
};

}  // namespace instdrv::worker
