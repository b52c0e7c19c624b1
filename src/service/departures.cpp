#include "service/departures.hpp"

#include <limits>
#include <map>
#include <memory>
#include <utility>

#include "host/impl.hpp"

namespace instdrv::service {
namespace {

// Apart from other calls (pending_calls.cpp), so that those who leave hold nobody up.
constexpr Turns::Bounds ends_in_turns{
    .at_a_time = 8, .most_running = 64, .most_waiting = std::numeric_limits<std::size_t>::max()};

}  // namespace

Departures::Departures(Jobs& jobs, HostControls& controls, HostSignals& signals)
    : controls_(controls), signals_(signals), turns_(jobs, ends_in_turns) {}

void Departures::end(Holdings&& holdings, bool normally, const Jobs::Action& done) {
    std::map<std::string, Holdings> parts;
    for (const auto instance : holdings.instances)
        parts[driver_of(controls_, instance)].instances.push_back(instance);
    for (auto& [number, share] : holdings.shares) {
        // Whatever waits for the client goes on, and its instances can be closed.
        share->channel.place->cut();
        parts[share->request.module.file.string()].shares.emplace(number, std::move(share));
    }
    if (parts.empty()) return done();
    const auto left = std::make_shared<std::size_t>(parts.size());
    for (auto& [driver, part] : parts) {
        end_part(driver, std::move(part), normally, [left, done] {
            if (--*left == 0) done();
        });
    }
}

void Departures::end_part(const std::string& driver, Holdings part, bool normally,
                          const Jobs::Action& done) {
    static_cast<void>(
        turns_.start(driver,
                     [this, part = std::move(part), normally, done, host = controls_.host(),
                      closed = controls_.closed()]() mutable -> Jobs::Action {
                         for (const auto instance : part.instances) {
                             static_cast<void>(host->end_application(instance, normally));
                             closed(instance);
                         }
                         part.shares.clear();
                         return [this, instances = std::move(part.instances), done] {
                             for (const auto instance : instances)
                                 signals_.closed(instance);
                             done();
                         };
                     }));
}

}  // namespace instdrv::service
