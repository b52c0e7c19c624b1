#include "service/session_service.hpp"

#include <utility>

#include "host/state_root.hpp"
#include "session/logind.hpp"

namespace instdrv::service {
namespace {

session::SleepDetector* add_sleep_detector(std::vector<std::unique_ptr<session::Source>>& sources) {
    auto detector = std::make_unique<session::SleepDetector>();
    auto* const kept = detector.get();
    sources.push_back(std::move(detector));
    return kept;
}

}  // namespace

SessionService::SessionService(SessionOptions options, Audience& audience, Outlet& err)
    : state_(std::move(options), audience, err),
      opening_(state_),
      stage_(state_, opening_),
      sleep_detector_(add_sleep_detector(state_.sources)),
      listener_(stage_.course(), *sleep_detector_, state_.log),
      controls_(state_, stage_.course()) {}

SessionService::~SessionService() = default;

Status SessionService::run() {
    auto loop = session::EventLoop::open();
    if (!loop) return failure(std::move(loop).error());
    state_.loop = std::move(*loop);
    auto jobs = Jobs::open(*state_.loop);
    if (!jobs) return failure(std::move(jobs).error());
    state_.jobs = std::move(*jobs);
    if (auto fed = ServiceManager::feed_watchdog(*state_.loop); !fed) return fed;
    if (auto started = start_sources(); !started) return started;
    start_record();
    stage_.course().start();
    opening_.open_all();
    start_object();
    if (auto ran = state_.loop->run(); !ran) return ran;
    return state_.outcome;
}

bool SessionService::left_running(session::Clock::time_point until) {
    const bool recorded = !state_.record || state_.record->finish(until);
    return !recorded || state_.driver_hangs || (state_.jobs && state_.jobs->running() > 0);
}

Status SessionService::start_sources() {
    state_.sources.push_back(std::make_unique<session::Logind>());
    for (const auto& source : state_.sources) {
        if (auto started = source->start(*state_.loop, listener_); !started) return started;
    }
    return {};
}

void SessionService::start_record() {
    auto record = state_root(state_.options.host.state_folder).and_then([&](const auto& root) {
        return open_state_root(root).and_then(
            [&](const Fd&) { return RecordKeeper::open(root / "session", complainer()); });
    });
    if (!record) {
        return state_.log.note(record.error().text() + ". No record is kept of this session");
    }
    state_.record = std::move(*record);
    const auto& previous = state_.record->previous();
    if (!previous) return state_.log.note(previous.error().text());
    if (!*previous) return;
    for (const auto& line : unfinished(**previous, current_boot()))
        state_.log.note(line);
}

// Notes a failure of the record. [any thread]
WriteBehind::Complaint SessionService::complainer() {
    return [this, post = state_.jobs->post()](const Error& error) {
        post([this, text = error.text()] {
            state_.log.note(text + ". The record of this session stays as it is");
        });
    };
}

void SessionService::start_object() {
    auto object = HostObject::open(*state_.loop, *state_.jobs, controls_);
    if (!object) {
        return state_.log.note(object.error().text() + ". Nobody can talk to this session");
    }
    object_ = std::move(*object);
    state_.object = object_.get();
}

}  // namespace instdrv::service
