// The course of a session: turns the announcements of the sources into actions, in the right order.
// Pure: no threads, no clock, no I/O.
//
//   running   drivers are open and the machine waits for them (hold). Sleep is told to them as
//             rounds of DRV_POWER, one after another: the request before, the resume after.
//   ending    the exit is under way. It begins when no round is out.
//   over      the drivers have ended because of an end that may be taken back. Cancelled: they are
//             opened again. An end that cannot be taken back: the session quits.
//
// After the exit, and after the round before a sleep, the machine need not wait any more (let_go).
// An announcement that comes twice is acted on once. One thread at a time.
#pragma once

#include <instdrv/host.hpp>

#include <deque>
#include <optional>

#include "session/source.hpp"

namespace instdrv::session {

// What the course has done. Each begin_ is answered by a call of Course::exit_done or power_done,
// later or from inside. At most one of them is out at a time.
class Stage {
public:
    virtual ~Stage() = default;
    virtual void begin_exit(const End& end) = 0;
    // No deadline: nobody waits for it.
    virtual void begin_power(PowerEvent event, std::optional<Clock::time_point> deadline) = 0;
    // Either may be asked for when it is so already.
    virtual void hold() = 0;
    virtual void let_go() = 0;
    // Opens the drivers again, after an exit that came of a cancelled end.
    virtual void reopen() = 0;
    virtual void quit() = 0;
};

class Course {
public:
    explicit Course(Stage& stage) noexcept : stage_(stage) {}

    // What the sources announce; see Listener.
    void start();
    void session_ends(End end);
    void end_cancelled();
    void machine_sleeps(Clock::time_point deadline);
    void machine_woke();
    void machine_has_slept();

    // What has been done.
    void exit_done();
    void power_done();

private:
    enum class Phase { running, ending, over, quitting };
    struct Round {
        PowerEvent event;
        std::optional<Clock::time_point> deadline;
    };

    // No exit has begun: they are told of sleep, unless one begins first.
    [[nodiscard]] bool drivers_are_open() const noexcept {
        return phase_ == Phase::running || (phase_ == Phase::ending && !exit_out_);
    }
    void queue(Round round);
    void go_on();

    Stage& stage_;
    Phase phase_ = Phase::running;
    std::optional<End> end_;  // announced, its exit not done yet
    bool exit_out_ = false;
    bool final_ = false;        // an end that cannot be taken back was announced
    bool cancelled_ = false;    // the revocable end was taken back while its exit went on
    bool asleep_ = false;       // between announcement and waking
    bool sleep_told_ = false;   // the drivers that are open know of it, or are about to
    std::deque<Round> rounds_;  // not begun yet
    std::optional<Round> round_out_;
};

}  // namespace instdrv::session
