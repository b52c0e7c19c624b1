// The requests of a client to the session's object (service/host_protocol.hpp). [any thread]
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "client/bus_caller.hpp"
#include "core/module_process.hpp"
#include "service/traced_calls.hpp"

namespace instdrv::client {

class InstanceIds {
public:
    void opened(HDRVR hdrvr, std::uint64_t id);
    [[nodiscard]] std::optional<std::uint64_t> find(HDRVR hdrvr) const;
    std::optional<std::uint64_t> closed(HDRVR hdrvr);

private:
    mutable std::mutex mutex_;
    std::unordered_map<HDRVR, std::uint64_t> ids_;
};

class RemoteSession {
public:
    static Result<std::shared_ptr<RemoteSession>> connect();

    struct Share {
        std::uint64_t number = 0;
        std::string file;
        std::string text;  // for DRV_OPEN
        core::SharedChannel channel;
        bool traced = false;  // the session wants to know of its calls (trace)
    };
    Result<Share> share(std::string_view name, std::string_view section);
    void end_share(std::uint64_t share);

    struct Instance {
        std::uint64_t id = 0;
        std::uint64_t name = 0;       // what the driver knows it by
        std::uint64_t driver_id = 0;  // what the driver answered to DRV_OPEN
    };
    // Parameters are as the driver reads them.
    Result<Instance> open(std::uint64_t share, LPARAM lparam1, LPARAM lparam2);
    Result<LRESULT> close(std::uint64_t id, LPARAM lparam1, LPARAM lparam2);
    // Closes it whatever the driver answers, without waiting.
    void drop(std::uint64_t id);
    // The session's ids of what this process has open there.
    [[nodiscard]] InstanceIds& instances() noexcept { return instances_; }
    // For the session's trace, without waiting. `taken`: it has them, or there is no session any
    // more. [the bus's thread, or the calling one]
    void trace(service::TracedCalls calls, std::function<void()> taken);
    // Everything that is open is closed, and its drivers told of a normal end.
    void leave();

private:
    explicit RemoteSession(std::unique_ptr<BusCaller> bus) noexcept : bus_(std::move(bus)) {}

    std::unique_ptr<BusCaller> bus_;
    InstanceIds instances_;
};

}  // namespace instdrv::client
