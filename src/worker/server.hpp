// The worker: carries out what its supervisor asks for, and asks it for what drivers want of the
// system. One per process.
//
// Lane 0 is served by the main thread. Its first call is `start`, which confines the process; no
// driver's file is looked at before. A thread of its own listens to the control socket, gives each
// opened lane a thread, and ends the process when the supervisor is gone.
#pragma once

#include <memory>

#include "base/fd.hpp"
#include "channel/region.hpp"
#include "core/driver_system.hpp"
#include "worker/driver_lanes.hpp"
#include "worker/local_loader.hpp"
#include "worker/outgoing.hpp"
#include "worker/own_memory.hpp"
#include "worker/talk.hpp"

namespace instdrv::worker {

class Server final : public CallHandler, public core::DriverSystem {
public:
    Server(channel::Region region, Fd control);

    [[noreturn]] void run();
    [[nodiscard]] const channel::Region& region() const noexcept { return region_; }

    void carry_out(const channel::Received& call, channel::Message& lane) override;

    HDRVR open(std::string_view name, std::string_view section, LPARAM lparam2) override;
    LRESULT close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) override;
    LRESULT send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) override;
    HMODULE module_handle(HDRVR hdrvr) override;
    bool callback(const core::CallbackRequest& request) override;

    [[nodiscard]] OwnMemory& memory() noexcept { return memory_; }
    // What a driver calls in place of a client's function (channel::DirectCallback).
    LRESULT direct_callback(const channel::DirectCallback& call);

    // The one of this process, for native drivers, which call without being handed anything.
    static Server* of_this_process() noexcept;

private:
    void start(channel::Message& lane);
    void load(const std::string& file, channel::Message& lane);
    void unload(const channel::UnloadModule& call, channel::Message& lane);
    static void deliver(const channel::Deliver& call, channel::Message& lane);

    void listen();
    void serve_lane(std::uint32_t index);

    // Asks on the calling thread's lane, or on one of the drivers'. 0 for what failed.
    template <class Request>
    typename Request::Answer ask(const Request& request, std::string_view text = {});

    channel::Region region_;
    Fd control_;
    Talk main_talk_;
    DriverLanes driver_lanes_;
    OwnMemory memory_;
    Outgoing outgoing_;
    std::unique_ptr<LocalLoader> loader_;  // from `start` on
};

}  // namespace instdrv::worker
