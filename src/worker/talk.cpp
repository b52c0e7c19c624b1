#include "worker/talk.hpp"

#include <utility>

#include <unistd.h>

namespace instdrv::worker {
namespace {

constinit thread_local Talk* current = nullptr;

}  // namespace

Talk* Talk::of_this_thread() noexcept { return current; }

Talk::Scope::Scope(Talk& talk) noexcept : previous_(std::exchange(current, &talk)) {}
Talk::Scope::~Scope() { current = previous_; }

channel::Received Talk::hear() {
    listener_.wait(lane_.to_worker.bell);
    return channel::receive(lane_.to_worker);
}

void Talk::serve() {
    const Scope scope(*this);
    for (;;) {
        const auto call = hear();
        handler_.carry_out(call, lane_.to_supervisor);
        channel::ring(lane_.to_supervisor.bell);
    }
}

channel::Received Talk::request(channel::What what, const channel::Words& words,
                                std::string_view text) {
    const Scope scope(*this);
    channel::send(lane_.to_supervisor, channel::Turn::request, what, words, text);
    channel::ring(lane_.to_supervisor.bell);
    for (;;) {
        auto heard = hear();
        if (heard.turn == channel::Turn::reply) return heard;
        handler_.carry_out(heard, lane_.to_supervisor);
        channel::ring(lane_.to_supervisor.bell);
    }
}

}  // namespace instdrv::worker
