// The interface through which the session's object on the bus (host_object.hpp) uses the session.
#pragma once

#include <instdrv/host.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/shared_driver.hpp"
#include "service/opening.hpp"
#include "service/trace_file.hpp"

namespace instdrv::service {

// What the object shows and controls. [loop thread]
class HostControls {
public:
    virtual ~HostControls() = default;
    [[nodiscard]] virtual std::shared_ptr<Host> host() const = 0;
    // "starting", "running", "ending" or "ended".
    [[nodiscard]] virtual std::string_view state() const = 0;
    [[nodiscard]] virtual const std::vector<DriverOpening>& openings() const = 0;
    // Opens a driver with what belongs to it. [job thread]
    using Opener = std::function<DriverOpening(DriverRequest, const HowToOpen&)>;
    [[nodiscard]] virtual Opener opener() const = 0;
    // Shares a driver; letting it go may call it. Both with what belongs to them. [job thread]
    using Sharer = std::function<Result<std::shared_ptr<SharedDriver>>(const DriverRequest&)>;
    [[nodiscard]] virtual Sharer sharer() const = 0;
    // Called when an instance is closed for a client. [job thread]
    using Closed = std::function<void(HDRVR)>;
    [[nodiscard]] virtual Closed closed() const = 0;
    // Null if no trace is written.
    [[nodiscard]] virtual TraceFile* trace() const = 0;
    // How long a rehearsal may take.
    [[nodiscard]] virtual std::chrono::milliseconds drill_budget() const = 0;
    virtual void end_requested() = 0;
    // Prints for people, once, why the session cannot be reached any more.
    virtual void note(const std::string& text) = 0;
};

// The file of an instance's driver; empty: there is no such instance.
inline std::string driver_of(const HostControls& controls, HDRVR instance) {
    const auto info = controls.host()->info(instance);
    return info ? info->file : std::string();
}

}  // namespace instdrv::service
