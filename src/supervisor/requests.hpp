// Carries out the requests of drivers in workers: to open, close and message other drivers, and to
// notify their clients. A request is checked: handles and callbacks must be ones that the driver
// was given. Requests that drivers make while they carry out each other's requests nest only to a
// fixed depth, and are begun only in the time of the outermost driver.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/asker.hpp"
#include "core/driver_system.hpp"
#include "supervisor/worker.hpp"

namespace instdrv::supervisor {

class Requests final : public RequestHandler {
public:
    // Finds the functions that carry out a driver's requests; null once the host is gone. Its open
    // and send reach only what that driver may use.
    using FindSystem = std::function<std::shared_ptr<core::DriverSystem>(const core::Asker& asker)>;
    // Called with a worker that died, the instances that it knew, and the reason. [the monitor's
    // thread]
    using Died =
        std::function<void(const Worker& worker, std::vector<HDRVR> known, const Error& error)>;
    explicit Requests(FindSystem find_system, Died died = {})
        : find_system_(std::move(find_system)), died_(std::move(died)) {}

    void handle(Worker& worker, const channel::Received& request, channel::Message& lane) override;
    void died(const Worker& worker) noexcept override;

private:
    FindSystem find_system_;
    Died died_;
};

}  // namespace instdrv::supervisor
