#include "service/host_object.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <unistd.h>

#include "service/host_protocol.hpp"

namespace instdrv::service {
namespace {

using session::sendable;

// The caller is us or root.
bool is_let_in(sd_bus_message* call) {
    sd_bus_creds* found = nullptr;
    uid_t user = 0;
    if (sd_bus_query_sender_creds(call, SD_BUS_CREDS_EUID, &found) < 0) return false;
    const bool known = sd_bus_creds_get_euid(found, &user) >= 0;
    sd_bus_creds_unref(found);
    return known && (user == 0 || user == geteuid());
}

const char* state_of(const DriverOpening& opening) {
    if (!opening.finished) return "opening";
    if (opening.death) return "died";
    if (opening.error) return "failed";
    return opening.info ? "open" : "loaded";
}

}  // namespace

// ---- what the bus sees --------------------------------------------------------------------------

template <auto handler>
int HostObject::method(sd_bus_message* call, void* self, sd_bus_error*) noexcept {
    static_cast<HostObject*>(self)->carry_out(handler, call);
    return 1;
}

template <class Kind>
void HostObject::carry_out(void (Kind::*handler)(sd_bus_message*), sd_bus_message* call) {
    (std::get<Kind>(kinds_).*handler)(call);
}

template <HostObject::Getter getter>
int HostObject::property(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply,
                         void* self, sd_bus_error*) noexcept {
    return (static_cast<HostObject*>(self)->*getter)(reply);
}

// Who may call is decided by admit, for properties and introspection as well, hence UNPRIVILEGED.
const sd_bus_vtable HostObject::vtable[] = {
    SD_BUS_VTABLE_START(SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("Open", SD_BUS_ARGS("s", name, "s", section), SD_BUS_RESULT("t", id),
                            &HostObject::method<&InstanceCalls::open>, 0),
    SD_BUS_METHOD_WITH_ARGS("Close", SD_BUS_ARGS("t", id), SD_BUS_RESULT("x", answer),
                            &HostObject::method<&InstanceCalls::close>, 0),
    SD_BUS_METHOD_WITH_ARGS("Send", SD_BUS_ARGS("t", id, "u", message, "x", lparam1, "x", lparam2),
                            SD_BUS_RESULT("x", answer), &HostObject::method<&InstanceCalls::send>,
                            0),
    SD_BUS_METHOD_WITH_ARGS("Share", SD_BUS_ARGS("s", name, "s", section),
                            SD_BUS_RESULT("t", share, "s", file, "s", text, "h", region, "h",
                                          control, "h", process, "b", traced),
                            &HostObject::method<&ShareCalls::share>, 0),
    SD_BUS_METHOD_WITH_ARGS("OpenShared", SD_BUS_ARGS("t", share, "x", lparam1, "x", lparam2),
                            SD_BUS_RESULT("t", id, "t", name, "t", driver_id),
                            &HostObject::method<&ShareCalls::open>, 0),
    SD_BUS_METHOD_WITH_ARGS("CloseShared",
                            SD_BUS_ARGS("t", id, "x", lparam1, "x", lparam2, "b", forced),
                            SD_BUS_RESULT("x", answer), &HostObject::method<&ShareCalls::close>, 0),
    SD_BUS_METHOD_WITH_ARGS("EndShare", SD_BUS_ARGS("t", share), SD_BUS_NO_RESULT,
                            &HostObject::method<&ShareCalls::end>, 0),
    SD_BUS_METHOD_WITH_ARGS("TraceCalls", SD_BUS_ARGS("a(sutusttxss)", calls, "u", left_out),
                            SD_BUS_NO_RESULT, &HostObject::method<&ShareCalls::trace>, 0),
    SD_BUS_METHOD_WITH_ARGS("Drill", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", report),
                            &HostObject::method<&SessionCalls::drill>, 0),
    SD_BUS_METHOD_WITH_ARGS("ExitSession", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", report),
                            &HostObject::method<&SessionCalls::exit>, 0),
    SD_BUS_METHOD_WITH_ARGS("Leave", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT,
                            &HostObject::method<&SessionCalls::leave>, 0),
    SD_BUS_PROPERTY("State", "s", &HostObject::property<&HostObject::get_state>, 0,
                    SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Process", "u", &HostObject::property<&HostObject::get_process>, 0,
                    SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("Drivers", "a(sss)", &HostObject::property<&HostObject::get_drivers>, 0,
                    SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Instances", "a(tssstb)", &HostObject::property<&HostObject::get_instances>, 0,
                    SD_BUS_VTABLE_PROPERTY_EMITS_INVALIDATION),
    SD_BUS_SIGNAL_WITH_ARGS("DriverOpened", SD_BUS_ARGS("t", id, "s", name), 0),
    SD_BUS_SIGNAL_WITH_ARGS("DriverClosed", SD_BUS_ARGS("t", id), 0),
    SD_BUS_SIGNAL_WITH_ARGS("DriverDied", SD_BUS_ARGS("s", file, "at", ids, "s", outcome), 0),
    SD_BUS_SIGNAL_WITH_ARGS("SessionEnding", SD_BUS_ARGS("s", report), 0),
    SD_BUS_VTABLE_END};

// ---- on and off the bus -------------------------------------------------------------------------

HostObject::HostObject(session::Bus bus, Jobs& jobs, HostControls& controls)
    : bus_(std::move(bus)),
      controls_(controls),
      calls_(jobs),
      signals_(bus_.get()),
      departures_(jobs, controls, signals_),
      clients_([this](Holdings holdings) { departures_.end(std::move(holdings), false, [] {}); }) {}

Result<std::unique_ptr<HostObject>> HostObject::open(session::EventLoop& loop, Jobs& jobs,
                                                     HostControls& controls) {
    auto bus = session::open_bus(bus_of_the_manager());
    if (!bus) return nullptr;
    std::unique_ptr<HostObject> object(new HostObject(std::move(*bus), jobs, controls));
    if (auto attached = object->attach(loop); !attached) {
        return failure(std::move(attached).error());
    }
    return object;
}

Status HostObject::attach(session::EventLoop& loop) {
    const auto slot = [this](const auto& make) {
        sd_bus_slot* made = nullptr;
        const int result = make(&made);
        slots_.emplace_back(made);
        return result;
    };
    int result =
        slot([this](auto** made) { return sd_bus_add_filter(bus_.get(), made, admit, this); });
    if (result >= 0) {
        result = slot([this](auto** made) {
            return sd_bus_add_object_vtable(bus_.get(), made, host_path, host_interface, vtable,
                                            this);
        });
    }
    if (result >= 0) {
        result = slot([this](auto** made) {
            return sd_bus_match_signal(
                bus_.get(), made, "org.freedesktop.DBus.Local", "/org/freedesktop/DBus/Local",
                "org.freedesktop.DBus.Local", "Disconnected",
                [](sd_bus_message*, void* self, sd_bus_error*) noexcept {
                    static_cast<HostObject*>(self)->disconnected();
                    return 0;
                },
                this);
        });
    }
    if (result >= 0) result = sd_bus_attach_event(bus_.get(), loop.get(), SD_EVENT_PRIORITY_NORMAL);
    if (result < 0) return failure(session::bus_error("show the session on the bus", result));
    result = sd_bus_request_name(bus_.get(), host_name, 0);
    if (result == -EEXIST) {
        return failure(Error{.code = ErrorCode::busy,
                             .operation = "show the session on the bus",
                             .cause = "another session is org.instdrv.Host1 already"});
    }
    if (result < 0) return failure(session::bus_error("become org.instdrv.Host1", result));
    return {};
}

void HostObject::disconnected() {
    controls_.note("the bus has gone, so that nobody can talk to the session any more");
    sd_bus_detach_event(bus_.get());
}

int HostObject::admit(sd_bus_message* message, void*, sd_bus_error*) noexcept {
    if (sd_bus_message_is_method_call(message, nullptr, nullptr) <= 0 || is_let_in(message))
        return 0;
    sd_bus_reply_method_errorf(message, SD_BUS_ERROR_ACCESS_DENIED,
                               "only the user who runs the session and root may use it");
    return 1;
}

void HostObject::session_ended(const std::string& report) {
    signals_.ended(report);
    std::get<SessionCalls>(kinds_).ended(report);
    changed();
}

// ---- properties ---------------------------------------------------------------------------------

int HostObject::get_state(sd_bus_message* reply) {
    return sd_bus_message_append(reply, "s", std::string(controls_.state()).c_str());
}

int HostObject::get_process(sd_bus_message* reply) {
    return sd_bus_message_append(reply, "u", static_cast<std::uint32_t>(getpid()));
}

int HostObject::get_drivers(sd_bus_message* reply) {
    int result = sd_bus_message_open_container(reply, 'a', "(sss)");
    for (const auto& opening : controls_.openings()) {
        const auto& trouble = opening.error ? opening.error : opening.death;
        const auto error = trouble ? sendable(trouble->text()) : "";
        result = std::min(
            result, sd_bus_message_append(reply, "(sss)", sendable(opening.request.name).c_str(),
                                          state_of(opening), error.c_str()));
    }
    return std::min(result, sd_bus_message_close_container(reply));
}

int HostObject::get_instances(sd_bus_message* reply) {
    int result = sd_bus_message_open_container(reply, 'a', "(tssstb)");
    for (const auto& info : controls_.host()->instances()) {
        result = std::min(
            result, sd_bus_message_append(
                        reply, "(tssstb)", id_of(info.handle), sendable(info.name).c_str(),
                        sendable(info.file).c_str(), info.kind.c_str(),
                        static_cast<std::uint64_t>(info.driver_id), static_cast<int>(info.dead)));
    }
    return std::min(result, sd_bus_message_close_container(reply));
}

}  // namespace instdrv::service
