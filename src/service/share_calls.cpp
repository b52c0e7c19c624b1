#include "service/share_calls.hpp"

#include <utility>

#include "host/impl.hpp"
#include "service/traced_calls.hpp"

namespace instdrv::service {
namespace {

Error no_share() {
    return {.code = ErrorCode::bad_handle,
            .operation = "use a shared driver",
            .cause = "the caller has none of that number"};
}

}  // namespace

void ShareCalls::share(sd_bus_message* call) {
    const char* name = nullptr;
    const char* section = nullptr;
    if (sd_bus_message_read(call, "ss", &name, &section) < 0) return;
    const auto ticket = parts_.calls.defer(call);
    parts_.calls.in_turn(
        ticket, name,
        [this, ticket, sharer = parts_.controls.sharer(),
         request = DriverRequest{.name = name, .section = section}]() -> Jobs::Action {
            return [this, ticket, driver = sharer(request)]() mutable {
                if (!driver) return parts_.calls.answer<HDRVR>(ticket, failure(driver.error()));
                shared(ticket, *std::move(driver));
            };
        });
}

// The driver is let go by jobs alone, because that may call it.
void ShareCalls::shared(PendingCalls::Ticket ticket, std::shared_ptr<SharedDriver> driver) {
    const auto client = parts_.calls.caller(ticket);
    const auto call = parts_.calls.take(ticket);
    // The client's alone from now on.
    const auto region = std::move(driver->channel.region);
    const auto control = std::move(driver->channel.control);
    const auto process = std::move(driver->channel.process);
    const auto& request = driver->request;
    const auto file = request.module.file.string();
    const auto text = request.text;
    const auto share = parts_.clients.add(parts_.bus, client, std::move(driver));
    const int sent = sd_bus_reply_method_return(
        call.get(), "tsshhhb", share, file.c_str(), text.c_str(), region.get(), control.get(),
        process.get(), parts_.controls.trace() != nullptr ? 1 : 0);
    if (sent >= 0) return;
    // A file's name may be what no text on the bus can be; who asks must not wait for ever.
    reply_error(call.get(), session::bus_error("share " + session::sendable(file), sent));
    parts_.departures.end(
        {.instances = {}, .shares = {{share, parts_.clients.remove(client, share)}}}, true, [] {});
}

void ShareCalls::open(sd_bus_message* call) {
    std::uint64_t share = 0;
    std::int64_t lparam1 = 0;
    std::int64_t lparam2 = 0;
    if (sd_bus_message_read(call, "txx", &share, &lparam1, &lparam2) < 0) return;
    const auto driver = parts_.clients.find(sd_bus_message_get_sender(call), share);
    if (driver == nullptr) return reply_error(call, no_share());
    const auto ticket = parts_.calls.defer(call);
    parts_.calls.in_turn(ticket, driver->request.module.file.string(),
                         [=, this, opener = parts_.controls.opener()]() -> Jobs::Action {
                             SharedInstance instance;
                             const auto opening = opener(
                                 {.name = driver->request.name, .section = driver->request.section},
                                 [&](Host& host, const DriverRequest&) -> Result<HDRVR> {
                                     auto opened =
                                         host.impl().open_shared(*driver, lparam1, lparam2);
                                     if (!opened) return failure(std::move(opened.error()));
                                     instance = *opened;
                                     return instance.handle;
                                 });
                             return [=, this] { opened(ticket, opening, instance); };
                         });
}

void ShareCalls::opened(PendingCalls::Ticket ticket, const DriverOpening& opening,
                        const SharedInstance& instance) {
    if (auto refusal = refusal_of(opening)) {
        return parts_.calls.answer<HDRVR>(ticket, failure(*std::move(refusal)));
    }
    const auto client = parts_.calls.caller(ticket);
    const auto call = parts_.calls.take(ticket);
    sd_bus_reply_method_return(call.get(), "ttt", id_of(instance.handle), instance.name,
                               static_cast<std::uint64_t>(instance.driver_id));
    parts_.signals.opened(*opening.info);
    parts_.clients.add(parts_.bus, client, instance.handle);
}

void ShareCalls::close(sd_bus_message* call) {
    std::uint64_t id = 0;
    std::int64_t lparam1 = 0;
    std::int64_t lparam2 = 0;
    int forced = 0;
    if (sd_bus_message_read(call, "txxb", &id, &lparam1, &lparam2, &forced) < 0) return;
    const auto instance = handle_of(id);
    if (!parts_.clients.has(sd_bus_message_get_sender(call), instance)) {
        return reply_error(call, not_the_callers("close"));
    }
    close_instance(parts_, call, instance, [=](Host& host, HDRVR closed) {
        return forced != 0 ? host.close_forced(closed, lparam1, lparam2)
                           : host.close(closed, lparam1, lparam2);
    });
}

void ShareCalls::end(sd_bus_message* call) {
    std::uint64_t share = 0;
    if (sd_bus_message_read(call, "t", &share) < 0) return;
    auto driver = parts_.clients.remove(sd_bus_message_get_sender(call), share);
    if (driver == nullptr) return reply_error(call, no_share());
    const auto ticket = parts_.calls.defer(call);
    const auto file = driver->request.module.file.string();
    parts_.calls.in_turn(ticket, file,
                         [this, ticket, driver = std::move(driver)]() mutable -> Jobs::Action {
                             driver.reset();  // may unload the driver
                             return [this, ticket] { parts_.calls.answer_nothing(ticket); };
                         });
}

void ShareCalls::trace(sd_bus_message* call) {
    TracedCalls traced;
    if (read(call, traced) < 0) return;
    if (auto* const trace = parts_.controls.trace()) {
        trace->add(traced, sd_bus_message_get_sender(call));
    }
    reply_nothing(call);
}

}  // namespace instdrv::service
