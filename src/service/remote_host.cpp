#include "service/remote_host.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "service/host_protocol.hpp"

namespace instdrv::service {
namespace {

bool has_session(const session::Bus& bus) {
    return sd_bus_get_name_creds(bus.get(), host_name, 0, nullptr) >= 0;
}

}  // namespace

Error unreadable_answer() {
    return {.code = ErrorCode::io,
            .operation = "read the session's answer",
            .cause = "it is not of the expected form",
            .advice = "Is the session of another version of instdrv?"};
}

Result<session::Bus> open_session_bus() {
    for (const auto kind : {session::BusKind::user, session::BusKind::system}) {
        auto bus = session::open_bus(kind);
        if (bus && has_session(*bus)) return bus;
    }
    return failure(Error{.code = ErrorCode::not_found,
                         .operation = "ask the session",
                         .cause = "none is held, neither on the user's bus nor on the system's",
                         .advice = "Start one with `instdrv run` or with the instdrv service"});
}

Result<RemoteHost> RemoteHost::connect() {
    return open_session_bus().map([](session::Bus&& bus) { return RemoteHost(std::move(bus)); });
}

Result<session::BusMessage> RemoteHost::property(const char* name, const char* type) {
    session::BusError error;
    sd_bus_message* value = nullptr;
    const int result = sd_bus_get_property(bus_.get(), host_name, host_path, host_interface, name,
                                           error.get(), &value, type);
    if (result < 0) return failure(error.to_error("ask the session", result));
    return session::BusMessage(value);
}

Result<RemoteStatus> RemoteHost::status() {
    RemoteStatus status;
    const char* state = nullptr;
    const auto state_value = property("State", "s");
    if (!state_value) return failure(state_value.error());
    const auto process = property("Process", "u");
    if (!process) return failure(process.error());
    const auto drivers = property("Drivers", "a(sss)");
    if (!drivers) return failure(drivers.error());
    const auto instances = property("Instances", "a(tssstb)");
    if (!instances) return failure(instances.error());
    if (sd_bus_message_read(state_value->get(), "s", &state) < 0 ||
        sd_bus_message_read(process->get(), "u", &status.process) < 0 ||
        sd_bus_message_enter_container(drivers->get(), 'a', "(sss)") < 0 ||
        sd_bus_message_enter_container(instances->get(), 'a', "(tssstb)") < 0) {
        return failure(unreadable_answer());
    }
    status.state = state;
    const char* name = nullptr;
    const char* what = nullptr;
    const char* more = nullptr;
    while (sd_bus_message_read(drivers->get(), "(sss)", &name, &what, &more) > 0) {
        status.drivers.push_back({.name = name, .state = what, .error = more});
    }
    RemoteInstance one;
    int dead = 0;
    while (sd_bus_message_read(instances->get(), "(tssstb)", &one.id, &name, &what, &more,
                               &one.driver_id, &dead) > 0) {
        status.instances.push_back({.id = one.id,
                                    .name = name,
                                    .file = what,
                                    .kind = more,
                                    .driver_id = one.driver_id,
                                    .dead = dead != 0});
    }
    return status;
}

Result<nlohmann::json> RemoteHost::report_of(const char* method) {
    session::BusError error;
    sd_bus_message* call = nullptr;
    int result = sd_bus_message_new_method_call(bus_.get(), &call, host_name, host_path,
                                                host_interface, method);
    const session::BusMessage owned_call(call);
    sd_bus_message* answer = nullptr;
    if (result >= 0) result = sd_bus_call(bus_.get(), call, no_timeout, error.get(), &answer);
    const session::BusMessage owned_answer(answer);
    if (result < 0) return failure(error.to_error("ask the session", result));
    const char* text = nullptr;
    if (sd_bus_message_read(answer, "s", &text) < 0) return failure(unreadable_answer());
    auto report = nlohmann::json::parse(text, nullptr, false);
    if (report.is_discarded()) return failure(unreadable_answer());
    return report;
}

Result<nlohmann::json> RemoteHost::drill() { return report_of("Drill"); }

Result<nlohmann::json> RemoteHost::exit_session() { return report_of("ExitSession"); }

}  // namespace instdrv::service
