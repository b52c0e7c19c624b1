#include "service/instance_calls.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace instdrv::service {

void InstanceCalls::open(sd_bus_message* call) {
    const char* name = nullptr;
    const char* section = nullptr;
    if (sd_bus_message_read(call, "ss", &name, &section) < 0) return;
    const auto ticket = parts_.calls.defer(call);
    parts_.calls.in_turn(
        ticket, name,
        [this, ticket, opener = parts_.controls.opener(),
         request = DriverRequest{.name = name, .section = section}]() -> Jobs::Action {
            return [this, ticket, opening = opener(request, open_by_name)] {
                opened(ticket, opening);
            };
        });
}

void InstanceCalls::opened(PendingCalls::Ticket ticket, const DriverOpening& opening) {
    if (auto refusal = refusal_of(opening)) {
        return parts_.calls.answer<HDRVR>(ticket, failure(*std::move(refusal)));
    }
    const auto& info = *opening.info;
    const auto client = parts_.calls.caller(ticket);
    parts_.calls.answer<HDRVR>(ticket, info.handle);
    parts_.signals.opened(info);
    parts_.clients.add(parts_.bus, client, info.handle);
}

void InstanceCalls::close(sd_bus_message* call) {
    std::uint64_t id = 0;
    if (sd_bus_message_read(call, "t", &id) < 0) return;
    const auto instance = handle_of(id);
    if (!may_reach(call, instance)) return reply_error(call, not_the_callers("close"));
    close_instance(parts_, call, instance,
                   [](Host& host, HDRVR closed) { return host.close(closed); });
}

// Its own, and what the session opened for nobody.
bool InstanceCalls::may_reach(sd_bus_message* call, HDRVR instance) const {
    if (parts_.clients.has(sd_bus_message_get_sender(call), instance)) return true;
    return std::ranges::any_of(parts_.controls.openings(), [&](const DriverOpening& opening) {
        return opening.info && opening.info->handle == instance;
    });
}

void InstanceCalls::send(sd_bus_message* call) {
    std::uint64_t id = 0;
    std::uint32_t message = 0;
    std::int64_t lparam1 = 0;
    std::int64_t lparam2 = 0;
    if (sd_bus_message_read(call, "tuxx", &id, &message, &lparam1, &lparam2) < 0) return;
    const auto instance = handle_of(id);
    if (!may_reach(call, instance)) return reply_error(call, not_the_callers("send"));
    const auto ticket = parts_.calls.defer(call);
    parts_.calls.in_turn(ticket, driver_of(parts_.controls, instance),
                         [=, this, host = parts_.controls.host()]() -> Jobs::Action {
                             return [this, ticket,
                                     result = host->send(instance, message, lparam1, lparam2)] {
                                 parts_.calls.answer(ticket, result);
                             };
                         });
}

}  // namespace instdrv::service
