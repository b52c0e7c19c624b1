#include "worker/talk.hpp"

#include <utility>

#include "worker/link.hpp"

namespace instdrv::worker {
namespace {

constinit thread_local Talk* current = nullptr;

}  // namespace

Talk* Talk::of_this_thread() noexcept { return current; }

Talk::Scope::Scope(Talk& talk) noexcept : previous_(std::exchange(current, &talk)) {}
Talk::Scope::~Scope() { current = previous_; }

Talk::Talk(Link& link, std::size_t lane)
    : link_(link), lane_(link.region().lane(lane)), listener_(link.region().header().spin_limit) {
    link_.add(*this);
}

Talk::~Talk() { link_.remove(*this); }

void Talk::end() noexcept { channel::ring_for_dead(lane_.to_worker.bell, listener_); }

bool Talk::hear() {
    listener_.wait(lane_.to_worker.bell);
    return !listener_.is_over();
}

void Talk::serve() {
    const Scope scope(*this);
    while (hear()) {
        link_.handler().carry_out(link_, channel::receive(lane_.to_worker), lane_.to_supervisor);
        channel::ring(lane_.to_supervisor.bell);
    }
}

channel::Received Talk::request(channel::What what, const channel::Words& words,
                                std::string_view text) {
    const Scope scope(*this);
    channel::send(lane_.to_supervisor, channel::Turn::request, what, words, text);
    channel::ring(lane_.to_supervisor.bell);
    while (hear()) {
        auto heard = channel::receive(lane_.to_worker);
        if (heard.turn == channel::Turn::reply) return heard;
        link_.handler().carry_out(link_, heard, lane_.to_supervisor);
        channel::ring(lane_.to_supervisor.bell);
    }
    return {};
}

}  // namespace instdrv::worker
