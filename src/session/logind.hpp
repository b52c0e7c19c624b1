// systemd-logind as a source: the machine shuts down or sleeps, or this login session is removed.
//
// While the session holds, inhibitor locks of mode `delay` for `shutdown` and for `sleep` make
// logind wait, for InhibitDelayMaxUSec at most. They are never `block` locks, so they keep nobody
// from shutting the machine down. They are two, because logind has a polkit action for each and
// none for both in one: it would ask for that of the lid switch, which services and remote users do
// not have. See org.freedesktop.login1(5) and https://systemd.io/INHIBITOR_LOCKS/.
//
// Nothing here waits: every call to logind is asynchronous. Where there is no system bus, no
// logind, or no lock, a note says so once and the session goes on with its other sources.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "session/bus.hpp"
#include "session/source.hpp"

namespace instdrv::session {

// The part of logind's delay that drivers get: a tenth of it, and at least 100 ms, is kept for the
// way to logind and back.
std::chrono::microseconds usable_delay(std::chrono::microseconds longest_delay) noexcept;

class Logind final : public Source {
public:
    Logind() = default;
    Status start(EventLoop& loop, Listener& listener) override;
    void hold() override;
    bool let_go() override;

private:
    using Handler = int (*)(sd_bus_message*, void*, sd_bus_error*);

    struct DelayLock {
        const char* what;  // the machine does, as Inhibit names it
        const char* when;  // in words
        BusSlot call{};
        Fd held{};
        bool refused = false;
    };

    bool match(const char* sender, const char* path, const char* interface, const char* member,
               Handler handler);
    bool subscribe();
    template <class... Arguments>
    void call(BusSlot& slot, const char* interface, const char* member, Handler handler,
              const char* types, Arguments... arguments);
    template <DelayLock Logind::*lock>
    void take();
    void taken(DelayLock& lock, sd_bus_message* reply);
    void delay_read(sd_bus_message* reply);
    void shutdown_prepared(bool begins);
    void sleep_prepared(bool begins);
    void session_removed(const std::string& id);
    void disconnected();
    void lose(const std::string& why);
    // Of what logind has just announced: it has counted since its signal, which was read when the
    // loop woke up, or later.
    [[nodiscard]] Clock::time_point deadline() const;

    EventLoop* loop_ = nullptr;
    Listener* listener_ = nullptr;
    Bus bus_;
    std::vector<BusSlot> matches_;
    BusSlot delay_call_;
    DelayLock shutdown_lock_{.what = "shutdown", .when = "shuts down"};
    DelayLock sleep_lock_{.what = "sleep", .when = "sleeps"};
    bool wanted_ = false;
    bool asleep_ = false;
    // Until logind has said otherwise: its own default, see logind.conf(5).
    std::chrono::microseconds longest_delay_ = std::chrono::seconds(5);
    std::string own_session_;  // empty: not part of a login session
};

}  // namespace instdrv::session
