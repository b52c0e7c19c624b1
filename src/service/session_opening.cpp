#include "service/session_opening.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "service/recorded_opening.hpp"

namespace instdrv::service {

HostOptions SessionOpening::host_options() {
    auto how = state_.options.host;
    how.on_death = [this, now = state_.now, post = state_.jobs->post()](const DriverDeath& death) {
        post([this, death, when = now()] { driver_died(death, when); });
    };
    how.on_notice = [this, post = state_.jobs->post()](const std::string& line) {
        post([this, line] { state_.log.note(line); });
    };
    how.observer = state_.options.trace;
    return how;
}

void SessionOpening::open_all() {
    state_.enter("starting");
    state_.host = std::make_shared<Host>(host_options());
    state_.openings = std::make_shared<OpeningRound>();
    const auto& options = state_.options;
    for (const auto& request : options.requests) {
        state_.openings->results.emplace_back().request = request;
    }
    if (!options.host.configuration.empty()) {
        auto read = state_.host->set_configuration(options.host.configuration);
        if (!read) return state_.stop(std::move(read).error());
    }
    if (state_.record) state_.record->begin();
    state_.jobs->start([this, open = recorded_opener(state_.host, state_.record),
                        openings = state_.openings, post = state_.jobs->post(),
                        requests = options.requests]() -> Jobs::Action {
        for (std::size_t i = 0; i < requests.size() && !openings->stopped; ++i) {
            post([openings, i, opening = open(requests[i], open_by_name)] {
                openings->results[i] = opening;
            });
        }
        return [this, openings] {
            if (openings == state_.openings && !openings->stopped) all_opened();
        };
    });
}

void SessionOpening::driver_died(const DriverDeath& death, session::Clock::time_point when) {
    state_.log.note(death.error.text());
    if (state_.options.trace) state_.options.trace->died(death.process, death.error, when);
    // The worker may have known instances of other drivers as well, and some that were never open.
    auto own = death;
    std::erase_if(own.instances, [this](HDRVR instance) {
        const auto info = state_.host->info(instance);
        return !info || !info->dead;
    });
    const auto died = [&own](HDRVR instance) {
        return std::find(own.instances.begin(), own.instances.end(), instance) !=
               own.instances.end();
    };
    for (auto& opening : state_.openings->results) {
        if (opening.info ? died(opening.info->handle) : opening.file == own.file)
            opening.death = own.error;
    }
    if (state_.object != nullptr) state_.object->driver_died(own);
}

void SessionOpening::all_opened() {
    const auto& openings = state_.openings->results;
    state_.audience.opened(openings);
    const auto open = std::count_if(openings.begin(), openings.end(),
                                    [](const auto& opening) { return opening.succeeded(); });
    if (open == 0) {
        return state_.stop({.code = ErrorCode::not_found,
                            .operation = "hold a session",
                            .cause = "no driver is open, so there is no session to hold"});
    }
    state_.enter("running");
    state_.manager.ready(fmt::format("{} of {} drivers open", open, openings.size()));
}

}  // namespace instdrv::service
