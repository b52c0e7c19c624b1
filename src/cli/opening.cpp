#include "cli/opening.hpp"

#include <atomic>
#include <cerrno>
#include <mutex>
#include <utility>

#include "base/event.hpp"
#include "base/fd.hpp"

namespace instdrv::cli {
namespace {

DriverOpening carry_out(Host& host, DriverRequest request) {
    DriverOpening result{.request = std::move(request), .finished = true, .info = {}, .error = {}};
    const OpenOptions options{.section = result.request.section, .lparam2 = 0};
    if (result.request.load_only) {
        if (auto loaded = host.load(result.request.name, options); !loaded) {
            result.error = std::move(loaded).error();
        }
        return result;
    }
    auto driver = host.open(result.request.name, options);
    if (!driver) {
        result.error = std::move(driver).error();
        return result;
    }
    const HDRVR handle = driver->release();  // the exit closes it
    if (auto info = host.info(handle)) result.info = std::move(*info);
    return result;
}

}  // namespace

struct Opening::State {
    mutable std::mutex mutex;
    std::vector<DriverOpening> results;
    std::atomic<bool> stopped = false;
    std::shared_ptr<Event> finished;

    void run(Host& host) {
        for (std::size_t i = 0; i < results.size() && !stopped; ++i) {
            auto result = carry_out(host, results[i].request);
            const std::lock_guard lock(mutex);
            results[i] = std::move(result);
        }
        finished->set();
    }
};

Result<std::unique_ptr<Opening>> Opening::start(Host& host, std::vector<DriverRequest> requests) {
    auto state = std::make_shared<State>();
    for (auto& request : requests) {
        state->results.push_back({.request = std::move(request), .info = {}, .error = {}});
    }
    state->finished = Event::create(true, false);
    if (!state->finished) return failure(io_error("make an event", {}, EMFILE));
    std::unique_ptr<Opening> opening(new Opening(state));
    opening->thread_ = std::thread([state, &host] { state->run(host); });
    return opening;
}

Opening::~Opening() {
    if (thread_.joinable()) thread_.join();
}

int Opening::finished_fd() const noexcept { return state_->finished->wait_fd(); }

void Opening::stop() noexcept { state_->stopped = true; }

std::vector<DriverOpening> Opening::results() const {
    const std::lock_guard lock(state_->mutex);
    return state_->results;
}

}  // namespace instdrv::cli
