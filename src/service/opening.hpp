// Opens the drivers of a session, and keeps the result of each.
#pragma once

#include <instdrv/host.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace instdrv::service {

struct DriverRequest {
    std::string name;        // alias or file, with text
    std::string section;     // of the configuration; empty: the default one
    bool load_only = false;  // loaded and enabled, not opened ([boot] drivers=)
};

struct DriverOpening {
    DriverRequest request;
    bool finished = false;             // false: not attempted yet, or the driver has not returned
    std::string file;                  // the module's, set when it is open or loaded
    std::string kind;                  // the same
    std::optional<InstanceInfo> info;  // set when it is open
    std::optional<Error> error;        // set when it failed
    std::optional<Error> death;        // set when its worker died afterwards
    [[nodiscard]] bool succeeded() const noexcept { return finished && !error; }
};

// What opens a driver and leaves it open. Waits for the driver.
using HowToOpen = std::function<Result<HDRVR>(Host&, const DriverRequest&)>;
Result<HDRVR> open_by_name(Host& host, const DriverRequest& request);

// Loads or opens one driver.
DriverOpening open_driver(Host& host, DriverRequest request, const HowToOpen& how = open_by_name);

}  // namespace instdrv::service
