// Calls on the bus that are answered later: they may wait for a driver, so jobs carry them out, in
// turns. [loop thread]
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "service/host_protocol.hpp"
#include "service/jobs.hpp"
#include "service/turns.hpp"
#include "session/bus.hpp"

namespace instdrv::service {

class PendingCalls {
public:
    using Ticket = std::uint64_t;

    // The jobs outlive it.
    explicit PendingCalls(Jobs& jobs);

    Ticket defer(sd_bus_message* call);
    // Does what the call asks for when it is that driver's turn, or answers that too many wait.
    void in_turn(Ticket ticket, const std::string& driver, Jobs::Work work);
    // The unique name of the caller on the bus.
    [[nodiscard]] std::string caller(Ticket ticket) const;

    // Each is the end of the ticket.
    template <class Answer>
    void answer(Ticket ticket, const Result<Answer>& result) {
        const auto call = take(ticket);
        result ? reply(call.get(), *result) : reply_error(call.get(), result.error());
    }
    void answer_nothing(Ticket ticket) { reply_nothing(take(ticket).get()); }
    // Takes the call out, for code that answers it itself.
    session::BusMessage take(Ticket ticket);

private:
    Turns turns_;
    std::map<Ticket, session::BusMessage> waiting_;
    Ticket next_ = 0;
};

}  // namespace instdrv::service
