// Emits the signals of the session's object on the bus. [loop thread]
#pragma once

#include <instdrv/host.hpp>

#include <string>

#include "session/bus.hpp"

namespace instdrv::service {

class HostSignals {
public:
    // The bus outlives it.
    explicit HostSignals(sd_bus* bus) noexcept : bus_(bus) {}

    // What properties say is different now. The others say so by themselves.
    void changed();
    void opened(const InstanceInfo& info);
    void closed(HDRVR instance);
    void died(const DriverDeath& death);
    void ended(const std::string& report);

private:
    sd_bus* bus_;
};

}  // namespace instdrv::service
