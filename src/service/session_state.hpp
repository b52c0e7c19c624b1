// The state of a session. Three parts work on it: the listener hears the sources
// (session_listener.hpp), the stage does what the course decides (session_stage.hpp), and the
// controls serve the object on the bus (session_controls.hpp). session_service.hpp puts them
// together.
#pragma once

#include <instdrv/host.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "service/host_object.hpp"
#include "service/jobs.hpp"
#include "service/log.hpp"
#include "service/opening.hpp"
#include "service/record.hpp"
#include "service/service_manager.hpp"
#include "service/trace_file.hpp"
#include "session/source.hpp"

namespace instdrv::service {

struct SessionOptions {
    std::vector<DriverRequest> requests;  // opened in this order
    HostOptions host;
    std::shared_ptr<TraceFile> trace;  // null: nobody wants one
    ExitOptions exit;  // longest times; an end that comes with a deadline may shorten them
};

// The interface of who is shown what happens. Shall not wait for anything. [loop thread]
class Audience {
public:
    virtual ~Audience() = default;
    // All requests have been tried; again after an end that was cancelled.
    virtual void opened(const std::vector<DriverOpening>& openings) = 0;
    virtual void ended(const ExitReport& report, const session::End& end,
                       const std::vector<DriverOpening>& openings) = 0;
};

// One try to open all drivers. There is a new one after a cancelled end.
struct OpeningRound {
    std::vector<DriverOpening> results;  // one for each request [loop thread]
    std::atomic<bool> stopped = false;   // opens no more
};

// [loop thread], except what jobs share: the host, the record and `stopped` of a round.
struct SessionState {
    using Now = std::function<session::Clock::time_point()>;

    SessionState(SessionOptions session_options, Audience& whom, Outlet& err)
        : options(std::move(session_options)), audience(whom), log(err) {}

    // Shows another state on the bus: "starting", "running", "ending" or "ended".
    void enter(std::string_view state) {
        name = state;
        if (object != nullptr) object->changed();
    }
    // Ends the loop; the session has failed.
    void stop(Error error) {
        outcome = failure(std::move(error));
        loop->quit();
    }

    SessionOptions options;
    Audience& audience;
    Log log;
    ServiceManager manager;
    Now now = session::Clock::now;  // tests have a clock of their own

    // Both from the beginning of SessionService::run() on.
    std::optional<session::EventLoop> loop;
    std::unique_ptr<Jobs> jobs;

    std::vector<std::unique_ptr<session::Source>> sources;
    std::shared_ptr<RecordKeeper> record;  // null: none can be kept
    // Both from the first opening on; new ones when the drivers are opened again.
    std::shared_ptr<Host> host;
    std::shared_ptr<OpeningRound> openings;

    std::string_view name = "starting";  // of the state
    HostObject* object = nullptr;        // null: nobody can talk to the session
    bool driver_hangs = false;           // one did not return in time, from any message
    Status outcome;
};

}  // namespace instdrv::service
