#include "session/logind.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <systemd/sd-login.h>

namespace instdrv::session {
namespace {

using std::chrono::microseconds;

constexpr const char* service = "org.freedesktop.login1";
constexpr const char* manager_path = "/org/freedesktop/login1";
constexpr const char* manager = "org.freedesktop.login1.Manager";

// The login session of this process. A user service has none: its manager ends it.
std::string session_of_this_process() {
    char* name = nullptr;
    if (sd_pid_get_session(0, &name) >= 0) {
        const std::unique_ptr<char, decltype(&std::free)> owner(name, &std::free);
        return name;
    }
    const char* const variable = std::getenv("XDG_SESSION_ID");
    return variable == nullptr ? "" : variable;
}

bool read_flag(sd_bus_message* message) {
    int flag = 0;
    return sd_bus_message_read(message, "b", &flag) >= 0 && flag != 0;
}

}  // namespace

microseconds usable_delay(microseconds longest_delay) noexcept {
    const auto margin = std::max<microseconds>(longest_delay / 10, std::chrono::milliseconds(100));
    return std::max(longest_delay - margin, microseconds(0));
}

Status Logind::start(EventLoop& loop, Listener& listener) {
    loop_ = &loop;
    listener_ = &listener;
    own_session_ = session_of_this_process();
    auto bus = open_bus(BusKind::system);
    if (!bus) {
        lose(bus.error().text());
        return {};
    }
    bus_ = std::move(*bus);
    const int attached = sd_bus_attach_event(bus_.get(), loop.get(), SD_EVENT_PRIORITY_NORMAL);
    if (attached < 0 || !subscribe()) lose("the system bus takes no subscriptions");
    return {};
}

bool Logind::match(const char* sender, const char* path, const char* interface, const char* member,
                   Handler handler) {
    sd_bus_slot* slot = nullptr;
    const int result = sd_bus_match_signal_async(bus_.get(), &slot, sender, path, interface, member,
                                                 handler, nullptr, this);
    matches_.emplace_back(slot);
    return result >= 0;
}

bool Logind::subscribe() {
    const auto on = [this](const char* member, Handler handler) {
        return match(service, manager_path, manager, member, handler);
    };
    return on("PrepareForShutdown",
              [](sd_bus_message* message, void* self, sd_bus_error*) noexcept {
                  static_cast<Logind*>(self)->shutdown_prepared(read_flag(message));
                  return 0;
              }) &&
           on("PrepareForSleep",
              [](sd_bus_message* message, void* self, sd_bus_error*) noexcept {
                  static_cast<Logind*>(self)->sleep_prepared(read_flag(message));
                  return 0;
              }) &&
           on("SessionRemoved",
              [](sd_bus_message* message, void* self, sd_bus_error*) noexcept {
                  const char* id = "";
                  if (sd_bus_message_read(message, "s", &id) >= 0) {
                      static_cast<Logind*>(self)->session_removed(id);
                  }
                  return 0;
              }) &&
           match("org.freedesktop.DBus.Local", "/org/freedesktop/DBus/Local",
                 "org.freedesktop.DBus.Local", "Disconnected",
                 [](sd_bus_message*, void* self, sd_bus_error*) noexcept {
                     static_cast<Logind*>(self)->disconnected();
                     return 0;
                 });
}

template <class... Arguments>
void Logind::call(BusSlot& slot, const char* interface, const char* member, Handler handler,
                  const char* types, Arguments... arguments) {
    sd_bus_slot* made = nullptr;
    const int result = sd_bus_call_method_async(bus_.get(), &made, service, manager_path, interface,
                                                member, handler, this, types, arguments...);
    slot.reset(made);
    if (result < 0) lose(bus_error(std::string("call ") + member, result).text());
}

// ---- the locks
// -----------------------------------------------------------------------------------

void Logind::hold() {
    wanted_ = true;
    if (!bus_ || (shutdown_lock_.held && sleep_lock_.held)) return;
    call(
        delay_call_, "org.freedesktop.DBus.Properties", "Get",
        [](sd_bus_message* reply, void* self, sd_bus_error*) noexcept {
            static_cast<Logind*>(self)->delay_read(reply);
            return 0;
        },
        "ss", manager, "InhibitDelayMaxUSec");
    take<&Logind::shutdown_lock_>();
    take<&Logind::sleep_lock_>();
}

template <Logind::DelayLock Logind::*lock>
void Logind::take() {
    DelayLock& wanted = this->*lock;
    if (!bus_ || wanted.held) return;
    call(
        wanted.call, manager, "Inhibit",
        [](sd_bus_message* reply, void* self, sd_bus_error*) noexcept {
            auto* const logind = static_cast<Logind*>(self);
            logind->taken(logind->*lock, reply);
            return 0;
        },
        "ssss", wanted.what, "instdrv", "Drivers are told that the session ends", "delay");
}

bool Logind::let_go() {
    const bool held = shutdown_lock_.held || sleep_lock_.held;
    wanted_ = false;
    shutdown_lock_.held = Fd();
    sleep_lock_.held = Fd();
    return held;
}

void Logind::taken(DelayLock& lock, sd_bus_message* reply) {
    int fd = -1;
    if (sd_bus_message_is_method_error(reply, nullptr) != 0) {
        if (!std::exchange(lock.refused, true)) {
            listener_->note(bus_error("take logind's delay lock", reply).text() +
                            ". The machine does not wait for the drivers when it " + lock.when);
        }
        return;
    }
    if (sd_bus_message_read(reply, "h", &fd) < 0) return;
    if (wanted_) lock.held = Fd(fcntl(fd, F_DUPFD_CLOEXEC, 3));  // the message owns `fd`
}

void Logind::delay_read(sd_bus_message* reply) {
    std::uint64_t delay = 0;
    if (sd_bus_message_is_method_error(reply, nullptr) != 0) return;
    if (sd_bus_message_read(reply, "v", "t", &delay) < 0) return;
    constexpr std::uint64_t an_hour = 3600ULL * 1000 * 1000;  // more than any exit takes
    longest_delay_ = microseconds(std::min(delay, an_hour));
}

// ---- what logind announces ----------------------------------------------------------------------

Clock::time_point Logind::deadline() const { return loop_->woke() + usable_delay(longest_delay_); }

void Logind::shutdown_prepared(bool begins) {
    if (begins) {
        listener_->session_ends({.reason = ExitReason::session_end,
                                 .announced_by = "logind: the machine shuts down",
                                 .deadline = deadline(),
                                 .revocable = true});
    } else {
        listener_->end_cancelled();
    }
}

void Logind::sleep_prepared(bool begins) {
    asleep_ = begins;
    if (begins) {
        listener_->machine_sleeps(deadline());
    } else {
        listener_->machine_woke();
    }
}

void Logind::session_removed(const std::string& id) {
    if (id != own_session_) return;
    listener_->session_ends({.reason = ExitReason::session_end,
                             .announced_by = "logind: session " + id + " is removed"});
}

void Logind::disconnected() { lose("the system bus has gone"); }

void Logind::lose(const std::string& why) {
    if (bus_) sd_bus_detach_event(bus_.get());
    matches_.clear();
    shutdown_lock_.call.reset();
    sleep_lock_.call.reset();
    delay_call_.reset();
    bus_.reset();
    shutdown_lock_.held = Fd();
    sleep_lock_.held = Fd();
    if (std::exchange(asleep_, false)) listener_->machine_woke();  // nobody else would say so
    listener_->note(why +
                    ". Without logind the session learns of its end from signals alone, and "
                    "nothing of the machine's sleep");
}

}  // namespace instdrv::session
