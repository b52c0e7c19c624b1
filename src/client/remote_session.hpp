// What a client asks of the session's object (service/host_object.hpp). [any thread]
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "client/bus_caller.hpp"
#include "core/module.hpp"

namespace instdrv::client {

class RemoteSession {
public:
    static Result<std::shared_ptr<RemoteSession>> connect();

    struct Share {
        std::uint64_t number = 0;
        std::string file;
        std::string text;  // for DRV_OPEN
        core::SharedChannel channel;
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
    // Everything that is open is closed, and its drivers told of a normal end.
    void leave();

private:
    explicit RemoteSession(std::unique_ptr<BusCaller> bus) noexcept : bus_(std::move(bus)) {}

    std::unique_ptr<BusCaller> bus_;
};

}  // namespace instdrv::client
