// Opens the drivers of a session's configuration, and keeps what became of each.
#pragma once

#include <instdrv/host.hpp>

#include "service/session_state.hpp"

namespace instdrv::service {

// [loop thread]
class SessionOpening {
public:
    // `state` outlives the object, and so does the loop it has.
    explicit SessionOpening(SessionState& state) noexcept : state_(state) {}

    // Starts to open all drivers in a new host. The audience and the service manager are told when
    // all have been tried; if none is open then, the session stops.
    void open_all();

private:
    void all_opened();
    void driver_died(const DriverDeath& death, session::Clock::time_point when);
    [[nodiscard]] HostOptions host_options();

    SessionState& state_;
};

}  // namespace instdrv::service
