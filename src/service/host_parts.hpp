// The common base of the parts of the session's object. Each part carries out the calls of one
// kind; the base gives it jobs for calls that may wait, the clients, and the signals. [loop thread]
#pragma once

#include <optional>
#include <string>

#include "service/bus_clients.hpp"
#include "service/departures.hpp"
#include "service/host_controls.hpp"
#include "service/host_signals.hpp"
#include "service/pending_calls.hpp"

namespace instdrv::service {

// All of it outlives the parts.
struct HostParts {
    sd_bus* bus;
    HostControls& controls;
    PendingCalls& calls;
    BusClients& clients;
    HostSignals& signals;
    Departures& departures;
};

Error not_the_callers(const char* operation);

// The reason why an opening has no instance; std::nullopt if it has one.
std::optional<Error> refusal_of(const DriverOpening& opening);

// Closes it when it is its driver's turn, and answers.
using HowToClose = std::function<Result<LRESULT>(Host&, HDRVR)>;
void close_instance(HostParts& parts, sd_bus_message* call, HDRVR instance, const HowToClose& how);

}  // namespace instdrv::service
