#include "service/session_service.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "host/impl.hpp"
#include "host/state_root.hpp"
#include "service/report_json.hpp"
#include "session/logind.hpp"

namespace instdrv::service {
namespace {

using session::Clock;
using session::End;
using Duration = std::chrono::milliseconds;

bool timed_out(const ExitMessage& message) { return message.outcome == ExitOutcome::timed_out; }

bool hangs(const ExitReport& report) {
    return std::any_of(report.drivers.begin(), report.drivers.end(), [](const auto& driver) {
        return std::any_of(driver.messages.begin(), driver.messages.end(), timed_out);
    });
}

bool hangs(const RoundReport& report) {
    return std::any_of(report.drivers.begin(), report.drivers.end(),
                       [](const auto& driver) { return timed_out(driver.message); });
}

Duration between(Clock::time_point now, Clock::time_point deadline) {
    return std::max(std::chrono::floor<Duration>(deadline - now), Duration(0));
}

std::string_view words_for(PowerEvent event) {
    switch (event) {
        case PowerEvent::suspend_request: return "The machine is about to sleep";
        case PowerEvent::suspend_resume: return "The machine woke up";
        case PowerEvent::critical_resume: return "The machine has slept without a warning";
    }
    return "";
}

}  // namespace

SessionService::SessionService(SessionOptions options, Audience& audience, Outlet& err)
    : options_(std::move(options)), audience_(audience), log_(err), course_(*this) {}

SessionService::~SessionService() = default;

Status SessionService::run() {
    auto loop = session::EventLoop::open();
    if (!loop) return failure(std::move(loop).error());
    loop_ = std::move(*loop);
    auto jobs = Jobs::open(*loop_);
    if (!jobs) return failure(std::move(jobs).error());
    jobs_ = std::move(*jobs);
    if (auto fed = ServiceManager::feed_watchdog(*loop_); !fed) return fed;
    if (auto started = start_sources(); !started) return started;
    start_record();
    course_.start();
    open_all();
    start_object();
    if (auto ran = loop_->run(); !ran) return ran;
    return outcome_;
}

bool SessionService::left_running(Clock::time_point until) {
    const bool recorded = !record_ || record_->finish(until);
    return !recorded || driver_hangs_ || (jobs_ && jobs_->running() > 0);
}

Status SessionService::start_sources() {
    auto detector = std::make_unique<session::SleepDetector>();
    sleep_detector_ = detector.get();
    sources_.push_back(std::move(detector));
    sources_.push_back(std::make_unique<session::Logind>());
    for (const auto& source : sources_) {
        if (auto started = source->start(*loop_, *this); !started) return started;
    }
    return {};
}

void SessionService::stop(Error error) {
    outcome_ = failure(std::move(error));
    loop_->quit();
}

// ---- the record ---------------------------------------------------------------------------------

void SessionService::start_record() {
    auto record = state_root(options_.host.state_folder).and_then([&](const auto& root) {
        return open_state_root(root).and_then(
            [&](const Fd&) { return RecordKeeper::open(root / "session", complainer()); });
    });
    if (!record) return log_.note(record.error().text() + ". No record is kept of this session");
    record_ = std::move(*record);
    const auto& previous = record_->previous();
    if (!previous) return log_.note(previous.error().text());
    if (!*previous) return;
    for (const auto& line : unfinished(**previous, current_boot()))
        log_.note(line);
}

// Notes a failure of the record. [any thread]
WriteBehind::Complaint SessionService::complainer() const {
    return [this, post = jobs_->post()](const Error& error) {
        post([this, text = error.text()] {
            log_.note(text + ". The record of this session stays as it is");
        });
    };
}

HostControls::Closed SessionService::closed() const {
    return [record = record_](HDRVR instance) {
        if (record) record->forget(instance);
    };
}

// A shared driver has an entry of its own: its module is loaded for it, and stays so without an
// instance.
HostControls::Sharer SessionService::sharer() const {
    return [host = host_, record = record_](const DriverRequest& request) {
        if (!record) return host->impl().share(request.name, request.section);
        const auto key = record->opening(request.name);
        auto driver = host->impl().share(request.name, request.section);
        if (!driver) {
            record->forget(key);
            return driver;
        }
        record->loaded(key, (*driver)->request.module.file.string());
        auto* const shared = driver->get();
        return Result<std::shared_ptr<SharedDriver>>(std::shared_ptr<SharedDriver>(
            shared, [held = *std::move(driver), record, key](void*) mutable {
                held.reset();
                record->forget(key);
            }));
    };
}

HostControls::Opener SessionService::opener() const {
    return [host = host_, record = record_](DriverRequest request, const HowToOpen& how) {
        if (!record) return open_driver(*host, std::move(request), how);
        const auto key = record->opening(request.name);
        auto opening = open_driver(*host, std::move(request), how);
        opening.succeeded() ? record->opened(key, opening) : record->forget(key);
        return opening;
    };
}

// ---- opening ------------------------------------------------------------------------------------

void SessionService::open_all() {
    enter("starting");
    auto how = options_.host;
    how.on_death = [this, post = jobs_->post()](const DriverDeath& death) {
        post([this, death, when = Clock::now()] { driver_died(death, when); });
    };
    how.on_notice = [this, post = jobs_->post()](const std::string& line) {
        post([this, line] { log_.note(line); });
    };
    how.observer = options_.trace;
    host_ = std::make_shared<Host>(std::move(how));
    openings_ = std::make_shared<Openings>();
    for (const auto& request : options_.requests) {
        openings_->results.emplace_back().request = request;
    }
    if (!options_.host.configuration.empty()) {
        auto read = host_->set_configuration(options_.host.configuration);
        if (!read) return stop(std::move(read).error());
    }
    if (record_) record_->begin();
    jobs_->start([this, open = opener(), openings = openings_, post = jobs_->post(),
                  requests = options_.requests]() -> Jobs::Action {
        for (std::size_t i = 0; i < requests.size() && !openings->stopped; ++i) {
            post([openings, i, opening = open(requests[i], open_by_name)] {
                openings->results[i] = opening;
            });
        }
        return [this, openings] {
            if (openings == openings_ && !openings->stopped) all_opened();
        };
    });
}

void SessionService::driver_died(const DriverDeath& death, Clock::time_point when) {
    log_.note(death.error.text());
    if (options_.trace) options_.trace->died(death.process, death.error, when);
    // The worker may have known instances of other drivers as well, and some that were never open.
    auto own = death;
    std::erase_if(own.instances, [this](HDRVR instance) {
        const auto info = host_->info(instance);
        return !info || !info->dead;
    });
    const auto died = [&own](HDRVR instance) {
        return std::find(own.instances.begin(), own.instances.end(), instance) !=
               own.instances.end();
    };
    for (auto& opening : openings_->results) {
        if (opening.info ? died(opening.info->handle) : opening.file == own.file)
            opening.death = own.error;
    }
    if (object_) object_->driver_died(own);
}

void SessionService::all_opened() {
    const auto& openings = openings_->results;
    audience_.opened(openings);
    const auto open = std::count_if(openings.begin(), openings.end(),
                                    [](const auto& opening) { return opening.succeeded(); });
    if (open == 0) {
        return stop({.code = ErrorCode::not_found,
                     .operation = "hold a session",
                     .cause = "no driver is open, so there is no session to hold"});
    }
    enter("running");
    manager_.ready(fmt::format("{} of {} drivers open", open, openings.size()));
}

// ---- the object on the bus ----------------------------------------------------------------------

void SessionService::start_object() {
    auto object = HostObject::open(*loop_, *jobs_, *this);
    if (!object) return log_.note(object.error().text() + ". Nobody can talk to this session");
    object_ = std::move(*object);
}

void SessionService::end_requested() {
    course_.session_ends(
        {.reason = ExitReason::requested, .announced_by = "A client's ExitSession"});
}

void SessionService::enter(std::string_view state) {
    state_ = state;
    if (object_) object_->changed();
}

// ---- the end ------------------------------------------------------------------------------------

// The two times of the exit, which run from now on, shortened in proportion to what is left until
// the deadline.
ExitOptions SessionService::exit_options(const End& end) const {
    auto exit = options_.exit;
    exit.reason = end.reason;
    exit.begun = Clock::now();
    const auto wanted = exit.notify_timeout + exit.close_timeout;
    if (!end.deadline || wanted.count() == 0) return exit;
    const auto left = std::min(between(*exit.begun, *end.deadline), wanted);
    exit.notify_timeout = exit.notify_timeout * left.count() / wanted.count();
    exit.close_timeout = left - exit.notify_timeout;
    return exit;
}

void SessionService::begin_exit(const End& end) {
    const auto exit = exit_options(end);
    openings_->stopped = true;
    if (options_.trace) options_.trace->exit_begins(*exit.begun);
    jobs_->start_kept([this, host = host_, record = record_, exit, end]() -> Jobs::Action {
        if (record) record->end_begins(end.announced_by);
        auto report = host->exit_session(exit, [&](const ExitProgress& made) {
            if (record) record->progress(made);
        });
        const auto when = Clock::now();
        if (report && record) record->ended(*report);
        return [this, end, report = std::move(report), when] { exit_finished(end, report, when); };
    });
    // What follows may wait for those who are told, while the drivers are.
    constexpr Duration spare{2000};  // for leaving
    manager_.extend_timeout(exit.notify_timeout + exit.close_timeout + time_to_write + spare);
    manager_.status(end.announced_by + " ends the session");
    enter("ending");
}

void SessionService::exit_finished(const End& end, Result<ExitReport> report,
                                   Clock::time_point when) {
    if (!report) return stop(std::move(report).error());
    driver_hangs_ = driver_hangs_ || hangs(*report);
    log_.report(*report);
    if (options_.trace) options_.trace->exit_ended(*report, end.announced_by, when);
    manager_.status("The drivers have ended");
    audience_.ended(*report, end, openings_->results);
    state_ = "ended";
    if (object_) {
        object_->session_ended(report_line(*report, end.announced_by, openings_->results));
    }
    course_.exit_done();
}

void SessionService::reopen() {
    log_.note("The end was cancelled; the drivers are opened again");
    open_all();
}

void SessionService::quit() {
    manager_.stopping();
    if (object_) object_->flush();
    loop_->quit();
}

void SessionService::hold() {
    if (!held_since_) held_since_ = Clock::now();
    for (const auto& source : sources_)
        source->hold();
}

void SessionService::let_go() {
    bool waited = false;
    for (const auto& source : sources_)
        waited = source->let_go() || waited;
    if (options_.trace && held_since_ && waited) {
        options_.trace->span(TraceFile::Row::delay, "the machine waits", *held_since_);
    }
    held_since_.reset();
}

// ---- sleep --------------------------------------------------------------------------------------

// The clocks are looked at first, so that this sleep, which was announced, counts as known.
void SessionService::machine_woke() {
    sleep_detector_->look();
    course_.machine_woke();
}

void SessionService::begin_power(PowerEvent event, std::optional<Clock::time_point> deadline) {
    jobs_->start_kept([this, host = host_, event, deadline,
                       usual = options_.exit.notify_timeout]() -> Jobs::Action {
        const auto budget = deadline ? between(Clock::now(), *deadline) : usual;
        auto report = host->broadcast_power(event, budget);
        return [this, report = std::move(report)] { power_finished(report); };
    });
    manager_.status(std::string(words_for(event)));
}

void SessionService::power_finished(Result<RoundReport> report) {
    if (report) {
        driver_hangs_ = driver_hangs_ || hangs(*report);
        log_.report(*report);
    } else {
        log_.note(report.error().text());
    }
    course_.power_done();
}

}  // namespace instdrv::service
