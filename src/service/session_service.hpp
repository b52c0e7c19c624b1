// A session: a host of drivers, the sources that announce the machine's sleep and shutdown, and the
// course between them, on one event loop. The loop's thread waits for no driver: calls to drivers
// run as jobs.
#pragma once

#include <instdrv/host.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "service/host_controls.hpp"
#include "service/host_object.hpp"
#include "service/jobs.hpp"
#include "service/log.hpp"
#include "service/opening.hpp"
#include "service/record.hpp"
#include "service/service_manager.hpp"
#include "service/trace_file.hpp"
#include "session/course.hpp"
#include "session/slept.hpp"
#include "session/source.hpp"

namespace instdrv::service {

struct SessionOptions {
    std::vector<DriverRequest> requests;  // opened in this order
    HostOptions host;
    std::shared_ptr<TraceFile> trace;  // null: nobody wants one
    ExitOptions exit;  // longest times; an end that comes with a deadline may shorten them
};

// What is still to be written when the drivers have ended, to files on slow disks, has this time
// before the process ends.
inline constexpr std::chrono::seconds time_to_write{10};

// Who is shown what happens. Shall not wait for anything. [loop thread]
class Audience {
public:
    virtual ~Audience() = default;
    // All requests have been tried; again after an end that was cancelled.
    virtual void opened(const std::vector<DriverOpening>& openings) = 0;
    virtual void ended(const ExitReport& report, const session::End& end,
                       const std::vector<DriverOpening>& openings) = 0;
};

class SessionService final : private session::Listener,
                             private session::Stage,
                             private HostControls {
public:
    // `err`: where the log goes; outlives the service.
    SessionService(SessionOptions options, Audience& audience, Outlet& err);
    ~SessionService() override;
    SessionService(const SessionService&) = delete;
    SessionService& operator=(const SessionService&) = delete;

    // A source of the session's own end, beside logind and the machine's clocks.
    void add(std::unique_ptr<session::Source> source) { sources_.push_back(std::move(source)); }

    // Until the session has ended, or none of its drivers could be opened.
    Status run();

    // After run(): gives the record until then to be on the disk. True: a thread is still inside of
    // a driver, or waits for one or for the disk. Returning from main would tear down what it uses;
    // leave by _exit instead.
    [[nodiscard]] bool left_running(session::Clock::time_point until);

private:
    Status start_sources();
    void start_record();
    void start_object();
    [[nodiscard]] WriteBehind::Complaint complainer() const;
    void enter(std::string_view state);
    void open_all();
    void all_opened();
    void driver_died(const DriverDeath& death, session::Clock::time_point when);
    [[nodiscard]] ExitOptions exit_options(const session::End& end) const;
    void exit_finished(const session::End& end, Result<ExitReport> report,
                       session::Clock::time_point when);
    void power_finished(Result<RoundReport> report);
    void stop(Error error);

    void session_ends(session::End end) override { course_.session_ends(std::move(end)); }
    void end_cancelled() override { course_.end_cancelled(); }
    void machine_sleeps(session::Clock::time_point deadline) override {
        course_.machine_sleeps(deadline);
    }
    void machine_woke() override;
    void machine_has_slept() override { course_.machine_has_slept(); }
    void note(const std::string& text) override { log_.note(text); }

    void begin_exit(const session::End& end) override;
    void begin_power(PowerEvent event, std::optional<session::Clock::time_point> deadline) override;
    void hold() override;
    void let_go() override;
    void reopen() override;
    void quit() override;

    [[nodiscard]] std::shared_ptr<Host> host() const override { return host_; }
    [[nodiscard]] std::string_view state() const override { return state_; }
    [[nodiscard]] const std::vector<DriverOpening>& openings() const override {
        return openings_->results;
    }
    [[nodiscard]] Opener opener() const override;
    [[nodiscard]] Sharer sharer() const override;
    [[nodiscard]] Closed closed() const override;
    [[nodiscard]] TraceFile* trace() const override { return options_.trace.get(); }
    [[nodiscard]] std::chrono::milliseconds drill_budget() const override {
        return options_.exit.notify_timeout;
    }
    void end_requested() override;

    // One try to open everything; a new one after a cancelled end.
    struct Openings {
        std::vector<DriverOpening> results;
        std::atomic<bool> stopped = false;  // opens no more
    };

    SessionOptions options_;
    Audience& audience_;
    Log log_;
    ServiceManager manager_;
    std::optional<session::EventLoop> loop_;
    std::unique_ptr<Jobs> jobs_;
    std::vector<std::unique_ptr<session::Source>> sources_;
    session::SleepDetector* sleep_detector_ = nullptr;  // one of the sources
    session::Course course_;
    std::shared_ptr<Host> host_;            // shared with the jobs
    std::shared_ptr<RecordKeeper> record_;  // null: none can be kept
    std::shared_ptr<Openings> openings_;
    std::string_view state_ = "starting";
    std::unique_ptr<HostObject> object_;                    // null: nobody can talk to the session
    std::optional<session::Clock::time_point> held_since_;  // the delay locks
    bool driver_hangs_ = false;
    Status outcome_;
};

}  // namespace instdrv::service
