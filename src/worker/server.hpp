// The worker: carries out the requests of its supervisor, and passes on the requests of its
// drivers. One per process.
//
// Lane 0 of the supervisor's link is served by the main thread. Its first call is `start`, which
// confines the process; no driver's file is opened before. One thread listens to the control
// sockets of all links and gives each opened lane a thread. The process ends when the supervisor is
// gone. Drivers' requests to the system go to the supervisor, whoever called the driver. A callback
// goes to the link that its token came from.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "base/fd.hpp"
#include "channel/control.hpp"
#include "channel/region.hpp"
#include "core/driver_system.hpp"
#include "sandbox/report.hpp"
#include "worker/client_links.hpp"
#include "worker/link.hpp"
#include "worker/local_loader.hpp"
#include "worker/open_instances.hpp"
#include "worker/outgoing.hpp"

namespace instdrv::worker {

class Server final : public CallHandler, public core::DriverSystem {
public:
    // The function that confines the process: sandbox::confine, or a replacement in tests.
    using Confine = sandbox::ConfinementReport (*)(std::span<const std::byte> plan,
                                                   std::span<const int> kept);

    Server(channel::Region region, Fd control, Confine confine);

    [[noreturn]] void run();
    // The supervisor's.
    [[nodiscard]] const channel::Region& region() const noexcept { return supervisor_->region(); }

    void carry_out(Link& link, const channel::Received& call, channel::Message& out) override;

    HDRVR open(std::string_view name, std::string_view section, LPARAM lparam2) override;
    LRESULT close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) override;
    LRESULT send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) override;
    HMODULE module_handle(HDRVR hdrvr) override;
    bool callback(const core::CallbackRequest& request) override;

    // The link that the calling thread makes a callback through; null: it has ended, or is out of
    // the thread's reach.
    [[nodiscard]] std::shared_ptr<Link> link_of(std::uint64_t token);
    // Carries out a driver's call of a client's function (channel::DirectCallback).
    LRESULT direct_callback(const channel::DirectCallback& call);

    // The one of this process, for native drivers, which call without being handed anything.
    static Server* of_this_process() noexcept;

private:
    struct Loaded {
        channel::LoadModule::Answer facts;
        std::string kind;
    };

    void carry_out_supervisors(const channel::Received& call, channel::Message& out);
    void carry_out_clients(Link& link, const channel::Received& call, channel::Message& out);
    void start(channel::Message& out);
    void tell_facts(const Link& link, channel::Message& out, std::string_view report) const;
    void load(const channel::Received& call, const channel::LoadModule& words,
              channel::Message& out);
    void find_loaded(const channel::Received& call, channel::Message& out);
    void unload(const channel::UnloadModule& call, channel::Message& out);
    void call_driver(const channel::CallDriver& call, channel::Message& out);
    static void map_for_client(Link& link, const channel::MapMemory& call, channel::Message& out);
    void call_driver_for_client(const Link& link, const channel::CallDriver& call,
                                channel::Message& out);

    [[noreturn]] void listen();
    // A notice of the supervisor's.
    void hear_supervisor();
    void open_lane(std::uint32_t lane);

    // Waits for the client that is inside of an instance which is about to be closed. One that does
    // not come back soon loses its channel, so that whatever it keeps the driver waiting for ends.
    void shut(std::uint64_t instance);
    // How long a client may take over a callback.
    [[nodiscard]] std::chrono::milliseconds callback_time() const noexcept;
    void shorten_callback_time(std::uint64_t milliseconds) noexcept;

    // The channel whose callbacks a call of the supervisor may make (CallbackReach).
    std::uint32_t caller_of(const channel::CallDriver& call);
    // Delays a thread of a driver that used a wrong token, one such thread after another.
    void slow_down();
    // Asks on the calling thread's lane if that is the link's, else on one of the link's own. 0 for
    // what failed. A client that does not answer in time is given up.
    template <class Request>
    typename Request::Answer ask(Link& link, const Request& request, std::string_view text = {});

    const Confine confine_;
    PartsQuota no_parts_;  // of the supervisor's link, all of which is mapped
    const std::shared_ptr<Link> supervisor_;
    LaneServer main_lane_;
    Outgoing outgoing_;
    std::unique_ptr<LocalLoader> loader_;  // from `start` on
    OpenInstances instances_;
    ClientLinks clients_;
    std::atomic<std::uint32_t> callback_time_;  // ms; the shortest of all modules' that were loaded

    std::mutex mutex_;
    std::map<std::string, Loaded> loaded_;  // by file
    std::mutex slow_;
};

}  // namespace instdrv::worker
