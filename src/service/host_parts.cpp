#include "service/host_parts.hpp"

#include <utility>

namespace instdrv::service {

Error not_the_callers(const char* operation) {
    return {.code = ErrorCode::bad_handle,
            .operation = operation,
            .cause = "the caller has opened no instance of that id"};
}

std::optional<Error> refusal_of(const DriverOpening& opening) {
    if (opening.error) return opening.error;
    if (opening.info) return std::nullopt;
    return Error{.code = ErrorCode::bad_handle,
                 .operation = "open",
                 .driver = opening.request.name,
                 .cause = "it was closed again at once"};
}

void close_instance(HostParts& parts, sd_bus_message* call, HDRVR instance, const HowToClose& how) {
    const auto ticket = parts.calls.defer(call);
    parts.calls.in_turn(ticket, driver_of(parts.controls, instance),
                        [&parts, ticket, host = parts.controls.host(), instance, how,
                         closed = parts.controls.closed()]() -> Jobs::Action {
                            auto result = how(*host, instance);
                            if (result) closed(instance);
                            return [&parts, ticket, instance, result = std::move(result)] {
                                parts.calls.answer(ticket, result);
                                if (!result) return;
                                parts.clients.remove(instance);
                                parts.signals.closed(instance);
                            };
                        });
}

}  // namespace instdrv::service
