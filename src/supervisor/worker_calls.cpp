// The lanes of a worker, what is called on them, and what its drivers ask for there.
#include <utility>
#include <vector>

#include "base/thread.hpp"
#include "core/no_memory.hpp"
#include "supervisor/client.hpp"
#include "supervisor/deadlines.hpp"
#include "supervisor/worker.hpp"

namespace instdrv::supervisor {
namespace {

// The lanes of this thread. Few threads talk to more than a few workers.
class ThreadLanes {
public:
    ~ThreadLanes() {
        for (const auto& bound : bound_) {
            if (const auto worker = bound.owner.lock()) worker->leave_lane(bound.claim);
        }
    }
    [[nodiscard]] const LaneClaims::Claim* find(std::uint64_t worker) const noexcept {
        for (const auto& bound : bound_) {
            if (bound.worker == worker) return &bound.claim;
        }
        return nullptr;
    }
    // In the place of the one that it had there.
    void add(std::uint64_t worker, const std::shared_ptr<Worker>& owner, LaneClaims::Claim claim) {
        std::erase_if(bound_, [&](const auto& bound) {
            return bound.worker == worker || bound.owner.expired();
        });
        bound_.push_back({worker, owner, claim});
    }

    void forget(std::uint64_t worker) noexcept {
        std::erase_if(bound_, [&](const auto& bound) { return bound.worker == worker; });
    }

private:
    struct Bound {
        std::uint64_t worker;  // Worker::number_: addresses are used again
        std::weak_ptr<Worker> owner;
        LaneClaims::Claim claim;
    };
    std::vector<Bound> bound_;
};

ThreadLanes& thread_lanes() { return of_this_thread<ThreadLanes>(); }

// A driver that never stops asking for something must not hold its caller for ever.
constexpr int most_extensions = 8;  // times the deadline

// An honest worker rings once for each message.
constexpr unsigned most_rings_for_nothing = 16;

Error without_a_thread(const std::string& driver, const Error& reason) {
    return {.code = reason.code,
            .operation = "attend to a thread of",
            .driver = driver,
            .cause = reason.cause + ", so its worker was ended",
            .advice = reason.advice,
            .system_code = reason.system_code};
}

}  // namespace

// ---- lanes --------------------------------------------------------------------------------------

// Whom the calling thread calls for.
LaneUser Worker::user_of_lane() noexcept {
    if (EndingScope::is_on()) return LaneUser::end;
    return current_client().is_driver() ? LaneUser::driver : LaneUser::program;
}

Result<LaneClaims::Claim> Worker::take_lane() {
    const auto claim = claims_.take(user_of_lane());
    if (!claim) {
        return failure(Error{.code = ErrorCode::busy,
                             .driver = options_.name,
                             .cause = "too many threads are inside of this driver at a time"});
    }
    const std::lock_guard lock(lanes_mutex_);
    if (!std::exchange(lanes_[claim->lane].opened, true)) {
        tell({channel::Notice::Kind::lane_opened, static_cast<std::uint32_t>(claim->lane)});
    }
    return *claim;
}

Result<Worker::Passage> Worker::enter_lane() {
    auto& mine = thread_lanes();
    if (const auto* const claim = mine.find(number_)) {
        const auto begun = claims_.begin(*claim);
        if (begun != LaneClaims::Begun::lost) {
            return Passage(claims_, *claim, begun == LaneClaims::Begun::yes);
        }
    }
    const auto claim = take_lane();
    if (!claim) return failure(claim.error());
    Passage passage(claims_, *claim, true);
    mine.add(number_, shared_from_this(), *claim);
    return passage;
}

// The lane is as before it was opened, and this thread takes another, or this one anew.
void Worker::leave_unserved(std::size_t lane) {
    thread_lanes().forget(number_);
    const std::lock_guard lock(lanes_mutex_);
    region_.lane(lane).to_worker.bell.rung.store(0);
    lanes_[lane].opened = false;
}

void Worker::leave_lane(const LaneClaims::Claim& claim) noexcept { claims_.give_back(claim); }

// ---- calls --------------------------------------------------------------------------------------

Result<Worker::Reply> Worker::call(channel::What what, const channel::Words& words,
                                   std::string_view text, std::chrono::milliseconds timeout) {
    if (is_dead()) return failure(death());
    const auto passage = enter_lane();
    if (!passage) return failure(passage.error());
    const auto lane = passage->lane();
    auto& shared = region_.lane(lane);
    channel::send(shared.to_worker, channel::Turn::call, what, words, text);
    channel::ring(shared.to_worker.bell);
    return converse(lane, what, timeout);
}

Result<Worker::Reply> Worker::converse(std::size_t lane, channel::What what,
                                       std::chrono::milliseconds timeout) {
    auto& bell = region_.lane(lane).to_supervisor.bell;
    auto& state = lanes_[lane];
    auto& listener = state.listener;
    // One inside of another with the same worker has no time beyond the other's.
    channel::Deadline deadline(
        timeout, most_extensions * timeout, OnBehalfScope::latest_of_this_thread(),
        state.conversation != nullptr ? state.conversation->latest() : std::nullopt);
    const LaneState::Conversation under_way(state, deadline);
    for (bool first = true;; first = false) {
        // What was answered is answered, though the worker has died before anybody looked.
        const auto heard = listener.heard();
        const auto is_lost = [&] { return is_dead() && !listener.rang_before_its_end(heard); };
        if (is_lost()) return failure(death());
        const bool late_already = !first && deadline.has_passed();
        if (late_already || !listener.wait(bell, deadline)) {
            kill(late());
            return failure(death());
        }
        if (is_lost()) return failure(death());
        auto received = take_message(lane);
        if (!received) continue;
        if (is_dead() && received->turn != channel::Turn::answer) return failure(death());
        if (received->turn == channel::Turn::request) {
            // The time that the client's side of the matter takes is not the driver's.
            const auto asked = Clock::now();
            const OnBehalfScope scope(deadline.latest());
            reply_to(*received, lane);
            deadline.extend(Clock::now() - asked);
        } else if (received->turn == channel::Turn::answer && received->what == channel::failed) {
            return failure(channel::error_of(*received));
        } else if (received->turn == channel::Turn::answer && received->what == what) {
            return Reply{received->words, std::move(received->text)};
        } else if (received->turn == channel::Turn::answer && received->what == channel::unserved &&
                   options_.shared) {
            leave_unserved(lane);
            return failure(channel::error_of(*received));
        } else {
            kill(rule_breaker());
        }
    }
}

std::optional<channel::Received> Worker::take_message(std::size_t lane) {
    auto received = channel::receive(region_.lane(lane).to_supervisor);
    auto& state = lanes_[lane];
    if (std::exchange(state.sequence, received.sequence) != received.sequence) return received;
    if (++state.rings_for_nothing > most_rings_for_nothing) kill(rule_breaker());
    return std::nullopt;
}

void Worker::reply_to(const channel::Received& request, std::size_t lane) {
    auto& out = region_.lane(lane).to_worker;
    try {
        requests_->handle(*this, request, out);
    } catch (const std::bad_alloc&) {
        const auto code = static_cast<std::uint64_t>(ErrorCode::out_of_memory);
        channel::send(out, channel::Turn::reply, channel::failed, {code});
    }
    channel::ring(out.bell);
}

// ---- drivers' own threads -----------------------------------------------------------------------

// True: the notice of one of the worker's lanes, which has been announced now, for the first time.
bool Worker::announces_lane(const channel::Notice& notice) {
    const bool is_a_workers = notice.kind == channel::Notice::Kind::lane_used &&
                              notice.subject >= channel::first_worker_lane &&
                              notice.subject < channel::lane_count;
    const std::lock_guard lock(lanes_mutex_);
    return is_a_workers && !std::exchange(lanes_[notice.subject].opened, true);
}

void Worker::noticed(const channel::Notice& notice) noexcept {
    if (!announces_lane(notice)) return end_for([&] { return rule_breaker(); });
    const auto attending = core::or_no_memory([&]() -> Status {
        return start_detached(
            "instdrv-attend", 0,
            [self = shared_from_this(), lane = notice.subject] { self->attend(lane); });
    });
    if (!attending) end_for([&] { return without_a_thread(options_.name, attending.error()); });
}

void Worker::attend(std::size_t lane) {
    claims_.keep(lane);
    const auto served = core::or_no_memory([&]() -> Status {
        thread_lanes().add(number_, shared_from_this(), {.lane = lane, .generation = 0});
        serve_requests(lane);
        return {};
    });
    if (!served) kill(core::no_memory());
}

void Worker::serve_requests(std::size_t lane) {
    auto& bell = region_.lane(lane).to_supervisor.bell;
    while (!is_dead()) {
        lanes_[lane].listener.wait(bell);
        if (is_dead()) return;
        const auto received = take_message(lane);
        if (!received) continue;
        if (received->turn == channel::Turn::request) {
            pace(1);
            reply_to(*received, lane);
        } else {
            kill(rule_breaker());
        }
    }
}

void Worker::pace(std::uint32_t cost) noexcept {
    // There are only so many lanes that somebody waits on.
    constexpr auto longest = std::chrono::milliseconds(100);
    rate_.wait(cost, longest);
}

}  // namespace instdrv::supervisor
