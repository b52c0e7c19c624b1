// The interface of sources, which announce that the session ends or that the machine sleeps:
// signals, logind, the machine's clocks. All sources run on one event loop.
#pragma once

#include <instdrv/error.hpp>
#include <instdrv/exit.hpp>

#include <chrono>
#include <optional>
#include <string>

#include "session/event_loop.hpp"

namespace instdrv::session {

// The end of the session, as a source announces it.
struct End {
    ExitReason reason = ExitReason::requested;
    std::string announced_by;  // for people: "SIGTERM", "logind: the machine shuts down"
    // When the exit must be done at the latest; none: what the options of the exit say.
    std::optional<Clock::time_point> deadline;
    // The source may still take it back (Listener::end_cancelled), so the session waits for that,
    // or for an end that cannot be taken back, when its drivers have ended.
    bool revocable = false;
};

// What the sources tell. [loop thread]
class Listener {
public:
    virtual ~Listener() = default;
    virtual void session_ends(End end) = 0;
    // A revocable end will not come after all.
    virtual void end_cancelled() = 0;
    // The machine is about to sleep, at `deadline` at the latest.
    virtual void machine_sleeps(Clock::time_point deadline) = 0;
    // It is awake again after a sleep that machine_sleeps had announced.
    virtual void machine_woke() = 0;
    // It has slept. Whether that was announced is for the listener to know.
    virtual void machine_has_slept() = 0;
    // Something a person should know. Each source says each thing once.
    virtual void note(const std::string& text) = 0;
};

class Source {
public:
    virtual ~Source() = default;
    // Starts telling; both objects outlive the source. A source that cannot work here says so in a
    // note and succeeds; an Error is for what the session cannot do without.
    virtual Status start(EventLoop& loop, Listener& listener) = 0;
    // From now on the machine shall wait for the drivers before it shuts down or sleeps (until
    // let_go). Sources that can keep nothing waiting ignore both.
    virtual void hold() {}
    // The machine need wait no longer. True: it was waiting.
    virtual bool let_go() { return false; }
};

}  // namespace instdrv::session
