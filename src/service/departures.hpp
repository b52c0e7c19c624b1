// Ends a client's instances and channels when it leaves. [loop thread]
//
// The client's channels are cut at once, so that no driver waits for it any more. Then one job for
// each driver sends the client's instances DRV_EXITAPPLICATION, closes them and ends the sharing of
// the driver. So a driver that hangs delays no other.
#pragma once

#include <string>

#include "service/bus_clients.hpp"
#include "service/host_controls.hpp"
#include "service/host_signals.hpp"
#include "service/jobs.hpp"
#include "service/turns.hpp"

namespace instdrv::service {

class Departures {
public:
    // All outlive it.
    Departures(Jobs& jobs, HostControls& controls, HostSignals& signals);

    // normally: it says so itself. `done` runs on the loop when everything is closed.
    void end(Holdings&& holdings, bool normally, const Jobs::Action& done);

private:
    void end_part(const std::string& driver, Holdings part, bool normally,
                  const Jobs::Action& done);

    HostControls& controls_;
    HostSignals& signals_;
    Turns turns_;
};

}  // namespace instdrv::service
