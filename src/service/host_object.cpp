#include "service/host_object.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <ranges>
#include <utility>

#include <unistd.h>

#include "host/impl.hpp"
#include "service/report_json.hpp"

namespace instdrv::service {
namespace {

// Each is a thread for as long as its driver takes. A driver's worker has lanes for 46 threads of
// the session: clients that leave have theirs, so that they hold nobody up.
constexpr Turns::Bounds calls_in_turns{.at_a_time = 24, .most_running = 256, .most_waiting = 4096};
constexpr Turns::Bounds ends_in_turns{
    .at_a_time = 8, .most_running = 64, .most_waiting = std::numeric_limits<std::size_t>::max()};

HDRVR handle_of(std::uint64_t id) {
    return reinterpret_cast<HDRVR>(static_cast<std::uintptr_t>(id));
}
std::uint64_t id_of(HDRVR handle) { return reinterpret_cast<std::uintptr_t>(handle); }

using session::sendable;

void reply_error(sd_bus_message* call, const Error& error) {
    const auto name = "org.instdrv.Error." + std::string(name_of(error.code));
    sd_bus_reply_method_errorf(call, name.c_str(), "%s", sendable(error.text()).c_str());
}

void reply(sd_bus_message* call, HDRVR handle) {
    sd_bus_reply_method_return(call, "t", id_of(handle));
}
void reply(sd_bus_message* call, LRESULT answer) {
    sd_bus_reply_method_return(call, "x", static_cast<std::int64_t>(answer));
}
void reply(sd_bus_message* call, const std::string& text) {
    sd_bus_reply_method_return(call, "s", text.c_str());
}

Error no_share() {
    return {.code = ErrorCode::bad_handle,
            .operation = "use a shared driver",
            .cause = "the caller has none of that number"};
}

Error not_the_callers(const char* operation) {
    return {.code = ErrorCode::bad_handle,
            .operation = operation,
            .cause = "the caller has opened no instance of that id"};
}

void nothing() {}

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

Error error_of(std::string_view name, const std::string& text) {
    Error error{.code = ErrorCode::broken};
    for (int code = 1; code <= INSTDRV_LAST_ERROR_CODE; ++code) {
        if (name_of(static_cast<ErrorCode>(code)) == name)
            error.code = static_cast<ErrorCode>(code);
    }
    // Who hands it on says himself what was attempted with which driver.
    const auto colon = text.find(": ");
    error.cause = colon == std::string::npos ? text : text.substr(colon + 2);
    return error;
}

session::BusKind bus_of_the_manager() {
    const bool of_a_user = std::getenv("DBUS_SESSION_BUS_ADDRESS") != nullptr ||
                           std::getenv("XDG_RUNTIME_DIR") != nullptr;
    return of_a_user ? session::BusKind::user : session::BusKind::system;
}

// ---- what the bus sees --------------------------------------------------------------------------

template <HostObject::Handler handler>
int HostObject::method(sd_bus_message* call, void* self, sd_bus_error*) noexcept {
    (static_cast<HostObject*>(self)->*handler)(call);
    return 1;
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
                            &HostObject::method<&HostObject::on_open>, 0),
    SD_BUS_METHOD_WITH_ARGS("Close", SD_BUS_ARGS("t", id), SD_BUS_RESULT("x", answer),
                            &HostObject::method<&HostObject::on_close>, 0),
    SD_BUS_METHOD_WITH_ARGS("Send", SD_BUS_ARGS("t", id, "u", message, "x", lparam1, "x", lparam2),
                            SD_BUS_RESULT("x", answer), &HostObject::method<&HostObject::on_send>,
                            0),
    SD_BUS_METHOD_WITH_ARGS("Share", SD_BUS_ARGS("s", name, "s", section),
                            SD_BUS_RESULT("t", share, "s", file, "s", text, "h", region, "h",
                                          control, "h", process, "b", traced),
                            &HostObject::method<&HostObject::on_share>, 0),
    SD_BUS_METHOD_WITH_ARGS("OpenShared", SD_BUS_ARGS("t", share, "x", lparam1, "x", lparam2),
                            SD_BUS_RESULT("t", id, "t", name, "t", driver_id),
                            &HostObject::method<&HostObject::on_open_shared>, 0),
    SD_BUS_METHOD_WITH_ARGS(
        "CloseShared", SD_BUS_ARGS("t", id, "x", lparam1, "x", lparam2, "b", forced),
        SD_BUS_RESULT("x", answer), &HostObject::method<&HostObject::on_close_shared>, 0),
    SD_BUS_METHOD_WITH_ARGS("EndShare", SD_BUS_ARGS("t", share), SD_BUS_NO_RESULT,
                            &HostObject::method<&HostObject::on_end_share>, 0),
    SD_BUS_METHOD_WITH_ARGS("TraceCalls", SD_BUS_ARGS("a(sutusttxss)", calls, "u", left_out),
                            SD_BUS_NO_RESULT, &HostObject::method<&HostObject::on_trace_calls>, 0),
    SD_BUS_METHOD_WITH_ARGS("Drill", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", report),
                            &HostObject::method<&HostObject::on_drill>, 0),
    SD_BUS_METHOD_WITH_ARGS("ExitSession", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", report),
                            &HostObject::method<&HostObject::on_exit_session>, 0),
    SD_BUS_METHOD_WITH_ARGS("Leave", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT,
                            &HostObject::method<&HostObject::on_leave>, 0),
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
      calls_(jobs, calls_in_turns),
      ends_(jobs, ends_in_turns),
      clients_([this](Holdings holdings) { end_client(std::move(holdings), false, nothing); }) {}

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

void HostObject::changed() {
    sd_bus_emit_properties_changed(bus_.get(), host_path, host_interface, "State", "Drivers",
                                   "Instances", nullptr);
}

void HostObject::session_ended(const std::string& report) {
    sd_bus_emit_signal(bus_.get(), host_path, host_interface, "SessionEnding", "s", report.c_str());
    for (const auto ticket : std::exchange(waiting_for_end_, {}))
        answer<std::string>(ticket, report);
    changed();
}

// ---- calls --------------------------------------------------------------------------------------

HostObject::Ticket HostObject::defer(sd_bus_message* call) {
    waiting_.emplace(next_ticket_, sd_bus_message_ref(call));
    return next_ticket_++;
}

void HostObject::in_turn(Ticket ticket, const std::string& driver, Jobs::Work work) {
    if (calls_.start(driver, std::move(work))) return;
    const auto call = waiting_.extract(ticket);
    reply_error(call.mapped().get(), {.code = ErrorCode::busy,
                                      .operation = "call a driver",
                                      .cause = "too many calls wait for their turn",
                                      .advice = "Try again later"});
}

std::string HostObject::driver_of(HDRVR instance) const {
    const auto info = controls_.host()->info(instance);
    return info ? info->file : std::string();
}

template <class Answer>
void HostObject::answer(Ticket ticket, const Result<Answer>& result) {
    const auto call = waiting_.extract(ticket);
    if (result) {
        reply(call.mapped().get(), *result);
    } else {
        reply_error(call.mapped().get(), result.error());
    }
}

void HostObject::on_open(sd_bus_message* call) {
    const char* name = nullptr;
    const char* section = nullptr;
    if (sd_bus_message_read(call, "ss", &name, &section) < 0) return;
    const auto ticket = defer(call);
    in_turn(ticket, name,
            [this, ticket, open = controls_.opener(),
             request = DriverRequest{.name = name, .section = section}]() -> Jobs::Action {
                return [this, ticket, opening = open(request, open_by_name)] {
                    opened_for(ticket, opening);
                };
            });
}

void HostObject::opened_for(Ticket ticket, const DriverOpening& opening) {
    if (opening.error) return answer<HDRVR>(ticket, failure(*opening.error));
    if (!opening.info) {
        return answer<HDRVR>(ticket, failure(Error{.code = ErrorCode::bad_handle,
                                                   .operation = "open",
                                                   .driver = opening.request.name,
                                                   .cause = "it was closed again at once"}));
    }
    const auto& info = *opening.info;
    const auto client = caller(ticket);
    answer<HDRVR>(ticket, info.handle);
    emit_opened(info);
    clients_.add(bus_.get(), client, info.handle);
}

std::string HostObject::caller(Ticket ticket) const {
    return sd_bus_message_get_sender(waiting_.at(ticket).get());
}

void HostObject::on_close(sd_bus_message* call) {
    std::uint64_t id = 0;
    if (sd_bus_message_read(call, "t", &id) < 0) return;
    const auto instance = handle_of(id);
    if (!may_reach(call, instance)) return reply_error(call, not_the_callers("close"));
    close(call, instance, [](Host& host, HDRVR closed) { return host.close(closed); });
}

void HostObject::on_close_shared(sd_bus_message* call) {
    std::uint64_t id = 0;
    std::int64_t lparam1 = 0;
    std::int64_t lparam2 = 0;
    int forced = 0;
    if (sd_bus_message_read(call, "txxb", &id, &lparam1, &lparam2, &forced) < 0) return;
    const auto instance = handle_of(id);
    if (!clients_.has(sd_bus_message_get_sender(call), instance)) {
        return reply_error(call, not_the_callers("close"));
    }
    close(call, instance, [=](Host& host, HDRVR closed) {
        return forced != 0 ? host.close_forced(closed, lparam1, lparam2)
                           : host.close(closed, lparam1, lparam2);
    });
}

// Its own, and what the session opened for nobody.
bool HostObject::may_reach(sd_bus_message* call, HDRVR instance) const {
    if (clients_.has(sd_bus_message_get_sender(call), instance)) return true;
    return std::ranges::any_of(controls_.openings(), [&](const DriverOpening& opening) {
        return opening.info && opening.info->handle == instance;
    });
}

void HostObject::close(sd_bus_message* call, HDRVR instance,
                       const std::function<Result<LRESULT>(Host&, HDRVR)>& how) {
    const auto ticket = defer(call);
    in_turn(ticket, driver_of(instance),
            [this, ticket, host = controls_.host(), instance, how,
             closed = controls_.closed()]() -> Jobs::Action {
                auto result = how(*host, instance);
                if (result) closed(instance);
                return [this, ticket, instance, result = std::move(result)] {
                    answer(ticket, result);
                    if (result) emit_closed(instance);
                };
            });
}

void HostObject::on_send(sd_bus_message* call) {
    std::uint64_t id = 0;
    std::uint32_t message = 0;
    std::int64_t lparam1 = 0;
    std::int64_t lparam2 = 0;
    if (sd_bus_message_read(call, "tuxx", &id, &message, &lparam1, &lparam2) < 0) return;
    const auto instance = handle_of(id);
    if (!may_reach(call, instance)) return reply_error(call, not_the_callers("send"));
    const auto ticket = defer(call);
    in_turn(ticket, driver_of(instance), [=, this, host = controls_.host()]() -> Jobs::Action {
        return [this, ticket, result = host->send(instance, message, lparam1, lparam2)] {
            answer(ticket, result);
        };
    });
}

// ---- drivers that clients call on channels of their own -----------------------------------------

void HostObject::on_share(sd_bus_message* call) {
    const char* name = nullptr;
    const char* section = nullptr;
    if (sd_bus_message_read(call, "ss", &name, &section) < 0) return;
    const auto ticket = defer(call);
    in_turn(ticket, name,
            [this, ticket, share = controls_.sharer(),
             request = DriverRequest{.name = name, .section = section}]() -> Jobs::Action {
                return [this, ticket, driver = share(request)]() mutable {
                    if (!driver) return answer<HDRVR>(ticket, failure(driver.error()));
                    shared_for(ticket, *std::move(driver));
                };
            });
}

// The driver is let go by jobs alone, because that may call it.
void HostObject::shared_for(Ticket ticket, std::shared_ptr<SharedDriver> driver) {
    const auto client = caller(ticket);
    const auto call = waiting_.extract(ticket);
    // The client's alone from now on.
    const auto region = std::move(driver->channel.region);
    const auto control = std::move(driver->channel.control);
    const auto process = std::move(driver->channel.process);
    const auto& request = driver->request;
    const auto file = request.module.file.string();
    const auto text = request.text;
    const auto share = clients_.add(bus_.get(), client, std::move(driver));
    const int sent = sd_bus_reply_method_return(
        call.mapped().get(), "tsshhhb", share, file.c_str(), text.c_str(), region.get(),
        control.get(), process.get(), controls_.trace() != nullptr ? 1 : 0);
    if (sent >= 0) return;
    // A file's name may be what no text on the bus can be; who asks must not wait for ever.
    reply_error(call.mapped().get(), session::bus_error("share " + sendable(file), sent));
    end_client({.instances = {}, .shares = {{share, clients_.remove(client, share)}}}, true,
               nothing);
}

void HostObject::on_open_shared(sd_bus_message* call) {
    std::uint64_t share = 0;
    std::int64_t lparam1 = 0;
    std::int64_t lparam2 = 0;
    if (sd_bus_message_read(call, "txx", &share, &lparam1, &lparam2) < 0) return;
    const auto driver = clients_.find(sd_bus_message_get_sender(call), share);
    if (driver == nullptr) return reply_error(call, no_share());
    const auto ticket = defer(call);
    in_turn(ticket, driver->request.module.file.string(),
            [=, this, open = controls_.opener()]() -> Jobs::Action {
                SharedInstance instance;
                const auto opening =
                    open({.name = driver->request.name, .section = driver->request.section},
                         [&](Host& host, const DriverRequest&) -> Result<HDRVR> {
                             auto opened = host.impl().open_shared(*driver, lparam1, lparam2);
                             if (!opened) return failure(std::move(opened.error()));
                             instance = *opened;
                             return instance.handle;
                         });
                return [=, this] { opened_shared(ticket, opening, instance); };
            });
}

void HostObject::opened_shared(Ticket ticket, const DriverOpening& opening,
                               const SharedInstance& instance) {
    if (!opening.info) return opened_for(ticket, opening);
    const auto client = caller(ticket);
    const auto call = waiting_.extract(ticket);
    sd_bus_reply_method_return(call.mapped().get(), "ttt", id_of(instance.handle), instance.name,
                               static_cast<std::uint64_t>(instance.driver_id));
    emit_opened(*opening.info);
    clients_.add(bus_.get(), client, instance.handle);
}

void HostObject::on_end_share(sd_bus_message* call) {
    std::uint64_t share = 0;
    if (sd_bus_message_read(call, "t", &share) < 0) return;
    auto driver = clients_.remove(sd_bus_message_get_sender(call), share);
    if (driver == nullptr) return reply_error(call, no_share());
    const auto ticket = defer(call);
    const auto file = driver->request.module.file.string();
    in_turn(ticket, file, [this, ticket, driver = std::move(driver)]() mutable -> Jobs::Action {
        driver.reset();  // may unload the driver
        return [this, ticket] { answer_nothing(ticket); };
    });
}

void HostObject::on_trace_calls(sd_bus_message* call) {
    TracedCalls traced;
    if (read(call, traced) < 0) return;
    if (auto* const trace = controls_.trace()) {
        trace->add(traced, sd_bus_message_get_sender(call));
    }
    sd_bus_reply_method_return(call, "");
}

// ---- the session --------------------------------------------------------------------------------

void HostObject::on_drill(sd_bus_message* call) {
    const auto ticket = defer(call);
    in_turn(ticket, {},
            [this, ticket, host = controls_.host(),
             budget = controls_.drill_budget()]() -> Jobs::Action {
                auto report = host->rehearse_exit(budget).map(round_line);
                return [this, ticket, report = std::move(report)] { answer(ticket, report); };
            });
}

void HostObject::on_exit_session(sd_bus_message* call) {
    if (controls_.state() == "ended") {
        return reply_error(call, {.code = ErrorCode::exiting,
                                  .operation = "end the session",
                                  .cause = "it has ended already"});
    }
    waiting_for_end_.push_back(defer(call));
    controls_.end_requested();
}

void HostObject::on_leave(sd_bus_message* call) {
    auto holdings = clients_.take(sd_bus_message_get_sender(call));
    const auto ticket = defer(call);
    end_client(std::move(holdings), true, [this, ticket] { answer_nothing(ticket); });
}

void HostObject::answer_nothing(Ticket ticket) {
    const auto call = waiting_.extract(ticket);
    sd_bus_reply_method_return(call.mapped().get(), "");
}

// Each driver's part by itself: one that hangs keeps no other from being closed.
void HostObject::end_client(Holdings&& holdings, bool normally, const Jobs::Action& done) {
    std::map<std::string, Holdings> parts;
    for (const auto instance : holdings.instances)
        parts[driver_of(instance)].instances.push_back(instance);
    for (auto& [number, share] : holdings.shares) {
        // Whatever waits for the client goes on, and its instances can be closed.
        share->channel.place->cut();
        parts[share->request.module.file.string()].shares.emplace(number, std::move(share));
    }
    if (parts.empty()) return done();
    const auto left = std::make_shared<std::size_t>(parts.size());
    for (auto& [driver, part] : parts) {
        end_part(driver, std::move(part), normally, [left, done] {
            if (--*left == 0) done();
        });
    }
}

// `done` runs on the loop when it is closed.
void HostObject::end_part(const std::string& driver, Holdings part, bool normally,
                          const Jobs::Action& done) {
    static_cast<void>(
        ends_.start(driver,
                    [this, part = std::move(part), normally, done, host = controls_.host(),
                     closed = controls_.closed()]() mutable -> Jobs::Action {
                        for (const auto instance : part.instances) {
                            static_cast<void>(host->end_application(instance, normally));
                            closed(instance);
                        }
                        part.shares.clear();
                        return [this, instances = std::move(part.instances), done] {
                            for (const auto instance : instances)
                                emit_closed(instance);
                            done();
                        };
                    }));
}

void HostObject::emit_opened(const InstanceInfo& info) {
    sd_bus_emit_signal(bus_.get(), host_path, host_interface, "DriverOpened", "ts",
                       id_of(info.handle), sendable(info.name).c_str());
    changed();
}

void HostObject::emit_closed(HDRVR instance) {
    clients_.remove(instance);
    sd_bus_emit_signal(bus_.get(), host_path, host_interface, "DriverClosed", "t", id_of(instance));
    changed();
}

void HostObject::driver_died(const DriverDeath& death) {
    sd_bus_message* made = nullptr;
    int result =
        sd_bus_message_new_signal(bus_.get(), &made, host_path, host_interface, "DriverDied");
    const session::BusMessage signal(made);
    const auto append = [&](const auto& step) {
        if (result >= 0) result = step();
    };
    append([&] { return sd_bus_message_append(made, "s", sendable(death.file).c_str()); });
    append([&] { return sd_bus_message_open_container(made, 'a', "t"); });
    for (const auto instance : death.instances)
        append([&] { return sd_bus_message_append(made, "t", id_of(instance)); });
    append([&] { return sd_bus_message_close_container(made); });
    append([&] { return sd_bus_message_append(made, "s", sendable(death.error.text()).c_str()); });
    append([&] { return sd_bus_send(bus_.get(), made, nullptr); });
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
