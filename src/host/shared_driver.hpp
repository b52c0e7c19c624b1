// A driver of this host that another process calls on a channel of its own (Host::Impl::share).
#pragma once

#include <memory>

#include "core/life_cycle.hpp"

namespace instdrv {

struct SharedDriver {
    std::shared_ptr<void> host;  // goes last
    core::OpenRequest request;
    std::shared_ptr<core::LifeCycle::Lease> lease;
    core::SharedChannel channel;  // goes before the lease of its module
};

struct SharedInstance {
    HDRVR handle = nullptr;
    std::uint64_t name = 0;   // what the driver knows it by
    DWORD_PTR driver_id = 0;  // what the driver answered to DRV_OPEN
};

}  // namespace instdrv
