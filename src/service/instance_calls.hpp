// Carries out Open, Close and Send: calls to drivers through the session, with plain numbers. [loop
// thread]
#pragma once

#include "service/host_parts.hpp"

namespace instdrv::service {

class InstanceCalls {
public:
    explicit InstanceCalls(HostParts& parts) noexcept : parts_(parts) {}

    void open(sd_bus_message* call);
    void close(sd_bus_message* call);
    void send(sd_bus_message* call);

private:
    void opened(PendingCalls::Ticket ticket, const DriverOpening& opening);
    [[nodiscard]] bool may_reach(sd_bus_message* call, HDRVR instance) const;

    HostParts& parts_;
};

}  // namespace instdrv::service
