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
    while (!listener_.wait(lane_.to_worker, std::nullopt)) {
    }
    return channel::receive(lane_.message);
}

void Talk::serve() {
    const Scope scope(*this);
    for (;;) {
        const auto call = hear();
        handler_.carry_out(call, lane_.message);
        channel::ring(lane_.to_supervisor);
    }
}

channel::Received Talk::request(channel::What what, const channel::Words& words,
                                std::string_view text) {
    const Scope scope(*this);
    channel::send(lane_.message, channel::Turn::request, what, words, text);
    channel::ring(lane_.to_supervisor);
    for (;;) {
        auto heard = hear();
        if (heard.turn == channel::Turn::reply) return heard;
        handler_.carry_out(heard, lane_.message);
        channel::ring(lane_.to_supervisor);
    }
}

}  // namespace instdrv::worker
