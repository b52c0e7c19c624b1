#include "worker/lane_server.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/instance_table.hpp"
#include "worker/link.hpp"

namespace instdrv::worker {
namespace {

constinit thread_local LaneServer* current = nullptr;

// As many as a supervisor asks for; a client could write any number.
constexpr std::uint32_t most_spins = 4096;

Error too_deep() {
    return {.code = ErrorCode::busy, .cause = "too many driver calls are nested already"};
}

}  // namespace

LaneServer* LaneServer::of_this_thread() noexcept { return current; }

LaneServer::Scope::Scope(LaneServer& lane) noexcept : previous_(std::exchange(current, &lane)) {}
LaneServer::Scope::~Scope() { current = previous_; }

LaneServer::LaneServer(Link& link, std::size_t lane)
    : link_(link),
      lane_(link.region().lane(lane)),
      listener_(std::min(link.region().header().spin_limit, most_spins)) {
    link_.add(*this);
}

LaneServer::~LaneServer() { link_.remove(*this); }

void LaneServer::end() noexcept { channel::ring_for_dead(lane_.to_worker.bell, listener_); }

bool LaneServer::hear(channel::Deadline& deadline) {
    return listener_.wait(lane_.to_worker.bell, deadline) && !listener_.is_over();
}

bool LaneServer::hear_reply(channel::Deadline& deadline) {
    ++link_.awaited_;
    const bool heard = hear(deadline);
    --link_.awaited_;
    return heard;
}

void LaneServer::serve() {
    const Scope scope(*this);
    channel::Deadline endless;
    while (hear(endless)) {
        link_.handler().carry_out(link_, channel::receive(lane_.to_worker), lane_.to_supervisor);
        if (is_broken_off_) return;
        channel::ring(lane_.to_supervisor.bell);
    }
}

void LaneServer::nest(const channel::Received& call) {
    if (!link_.is_supervisors() && depth_ == core::CallRecord::max_depth) {
        return channel::send_error(lane_.to_supervisor, channel::Turn::answer, too_deep());
    }
    ++depth_;
    link_.handler().carry_out(link_, call, lane_.to_supervisor);
    --depth_;
}

channel::Received LaneServer::request(channel::What what, const channel::Words& words,
                                      std::string_view text, channel::Deadline& deadline) {
    const Scope scope(*this);
    channel::send(lane_.to_supervisor, channel::Turn::request, what, words, text);
    channel::ring(lane_.to_supervisor.bell);
    while (hear_reply(deadline)) {
        auto heard = channel::receive(lane_.to_worker);
        if (heard.turn == channel::Turn::reply) return heard;
        deadline.pause();
        nest(heard);
        channel::ring(lane_.to_supervisor.bell);
        if (deadline.has_passed()) break;
    }
    is_broken_off_ = true;
    return {};
}

}  // namespace instdrv::worker
