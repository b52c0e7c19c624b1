#include "service/session_calls.hpp"

#include <utility>

#include "service/report_json.hpp"

namespace instdrv::service {

void SessionCalls::drill(sd_bus_message* call) {
    const auto ticket = parts_.calls.defer(call);
    parts_.calls.in_turn(ticket, {},
                         [this, ticket, host = parts_.controls.host(),
                          budget = parts_.controls.drill_budget()]() -> Jobs::Action {
                             auto report = host->rehearse_exit(budget).map(round_line);
                             return [this, ticket, report = std::move(report)] {
                                 parts_.calls.answer(ticket, report);
                             };
                         });
}

void SessionCalls::exit(sd_bus_message* call) {
    if (parts_.controls.state() == "ended") {
        return reply_error(call, {.code = ErrorCode::exiting,
                                  .operation = "end the session",
                                  .cause = "it has ended already"});
    }
    waiting_for_end_.push_back(parts_.calls.defer(call));
    parts_.controls.end_requested();
}

void SessionCalls::leave(sd_bus_message* call) {
    auto holdings = parts_.clients.take(sd_bus_message_get_sender(call));
    const auto ticket = parts_.calls.defer(call);
    parts_.departures.end(std::move(holdings), true,
                          [this, ticket] { parts_.calls.answer_nothing(ticket); });
}

void SessionCalls::ended(const std::string& report) {
    for (const auto ticket : std::exchange(waiting_for_end_, {}))
        parts_.calls.answer<std::string>(ticket, report);
}

}  // namespace instdrv::service
