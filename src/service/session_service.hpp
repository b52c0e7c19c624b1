// A session: a host of drivers, the sources that announce the machine's sleep and shutdown, and the
// course between them, on one event loop. The loop's thread waits for no driver: calls to drivers
// run as jobs.
#pragma once

#include <memory>
#include <utility>

#include "service/host_object.hpp"
#include "service/session_controls.hpp"
#include "service/session_listener.hpp"
#include "service/session_opening.hpp"
#include "service/session_stage.hpp"
#include "service/session_state.hpp"
#include "session/slept.hpp"
#include "session/source.hpp"

namespace instdrv::service {

class SessionService {
public:
    // `err`: where the log goes; outlives the service.
    SessionService(SessionOptions options, Audience& audience, Outlet& err);
    ~SessionService();
    SessionService(const SessionService&) = delete;
    SessionService& operator=(const SessionService&) = delete;

    // A source of the session's own end, beside logind and the machine's clocks.
    void add(std::unique_ptr<session::Source> source) {
        state_.sources.push_back(std::move(source));
    }

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
    [[nodiscard]] WriteBehind::Complaint complainer();

    SessionState state_;
    SessionOpening opening_;
    SessionStage stage_;
    session::SleepDetector* sleep_detector_;  // one of the sources
    SessionListener listener_;
    SessionControls controls_;
    std::unique_ptr<HostObject> object_;
};

}  // namespace instdrv::service
