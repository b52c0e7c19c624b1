#include "core/round.hpp"

#include <utility>

namespace instdrv::core {

ExitRun run_of(const Round& round, ExitWorld world, ExitRun::TimePoint now) {
    std::vector<ExitCall> calls;
    for (std::size_t i = world.instances.size(); i-- > 0;) {
        const auto& instance = world.instances[i];
        calls.push_back({.step = calls.size(),
                         .queue = world.modules[instance.module].queue,
                         .module = instance.module,
                         .instance = i,
                         .handle = instance.handle,
                         .driver_id = instance.driver_id,
                         .message = round.message,
                         .lparam1 = round.lparam1});
    }
    const ExitOptions options{.notify_timeout = round.budget,
                              .close_timeout = std::chrono::milliseconds(0)};
    return {std::move(world), options, calls, now};
}

RoundReport report_of(const Round& round, const ExitRun& run) {
    auto report = run.report();
    RoundReport out{.message = round.message,
                    .lparam1 = round.lparam1,
                    .budget = round.budget,
                    .drivers = {},
                    .took = report.took};
    for (auto& driver : report.drivers) {
        if (driver.messages.empty()) continue;  // a module without an instance
        out.drivers.push_back({.name = std::move(driver.name),
                               .file = std::move(driver.file),
                               .kind = std::move(driver.kind),
                               .instance = driver.instance,
                               .driver_id = driver.driver_id,
                               .message = std::move(driver.messages.front())});
    }
    return out;
}

}  // namespace instdrv::core
