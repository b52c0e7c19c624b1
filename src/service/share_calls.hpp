// Carries out Share, OpenShared, CloseShared, EndShare and TraceCalls, for drivers that clients
// call on channels of their own. [loop thread]
#pragma once

#include <memory>

#include "service/host_parts.hpp"

namespace instdrv::service {

class ShareCalls {
public:
    explicit ShareCalls(HostParts& parts) noexcept : parts_(parts) {}

    void share(sd_bus_message* call);
    void open(sd_bus_message* call);
    void close(sd_bus_message* call);
    void end(sd_bus_message* call);
    void trace(sd_bus_message* call);

private:
    void shared(PendingCalls::Ticket ticket, std::shared_ptr<SharedDriver> driver);
    void opened(PendingCalls::Ticket ticket, const DriverOpening& opening,
                const SharedInstance& instance);

    HostParts& parts_;
};

}  // namespace instdrv::service
