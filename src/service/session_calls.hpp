// Carries out Drill, ExitSession and Leave: calls that concern the session, or a client of it, as a
// whole. [loop thread]
#pragma once

#include <string>
#include <vector>

#include "service/host_parts.hpp"

namespace instdrv::service {

class SessionCalls {
public:
    explicit SessionCalls(HostParts& parts) noexcept : parts_(parts) {}

    void drill(sd_bus_message* call);
    void exit(sd_bus_message* call);
    void leave(sd_bus_message* call);
    // Answers those who wait for the end.
    void ended(const std::string& report);

private:
    HostParts& parts_;
    std::vector<PendingCalls::Ticket> waiting_for_end_;
};

}  // namespace instdrv::service
