#include "service/pending_calls.hpp"

namespace instdrv::service {
namespace {

// Each is a thread for as long as its driver takes. A driver's worker has lanes for 46 threads of
// the session: clients that leave have theirs (departures.cpp), so that they hold nobody up.
constexpr Turns::Bounds calls_in_turns{.at_a_time = 24, .most_running = 256, .most_waiting = 4096};

}  // namespace

PendingCalls::PendingCalls(Jobs& jobs) : turns_(jobs, calls_in_turns) {}

PendingCalls::Ticket PendingCalls::defer(sd_bus_message* call) {
    waiting_.emplace(next_, sd_bus_message_ref(call));
    return next_++;
}

void PendingCalls::in_turn(Ticket ticket, const std::string& driver, Jobs::Work work) {
    if (turns_.start(driver, std::move(work))) return;
    reply_error(take(ticket).get(), {.code = ErrorCode::busy,
                                     .operation = "call a driver",
                                     .cause = "too many calls wait for their turn",
                                     .advice = "Try again later"});
}

std::string PendingCalls::caller(Ticket ticket) const {
    return sd_bus_message_get_sender(waiting_.at(ticket).get());
}

session::BusMessage PendingCalls::take(Ticket ticket) {
    return std::move(waiting_.extract(ticket).mapped());
}

}  // namespace instdrv::service
