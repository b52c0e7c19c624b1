// A session exit under way, as a pure state machine: it says which calls may be sent now, is told
// how each ended and what time it is, and makes the report. The host owns the threads and the
// clock:
//
//     ExitRun run(world, options, clock::now());
//     while (!run.done()) {
//         for (const ExitCall& call : run.take_ready(clock::now())) post(call);  // a thread each
//         if (auto answer = wait_for_an_answer_until(*run.next_deadline())) {
//             run.answered(answer->step, answer->value, clock::now());   // or broke, or gone
//         } else {
//             run.advance(clock::now());
//         }
//     }
//
// Time. The notify phase ends when every call of it has ended, at the latest at its deadline, and
// the close phase begins at once. A call that has not returned at the deadline of its phase is
// given up, and its queue with it: nothing more is sent there, what was left to send is not_sent,
// and an answer that comes later is ignored. An answer at the deadline itself still counts. The run
// is done after notify_timeout + close_timeout at the latest. A phase with no time sends nothing.
//
// Order. In the notify phase all queues run in parallel. The close phase follows the order of
// exit_plan.hpp strictly, one call at a time over all queues, because a driver may need one loaded
// before it until the end. A driver that takes long must not cost the others their turn, so this
// holds during the first half of the phase only: from then on each queue goes on by itself, in
// parallel, each in its own order. So a hung driver delays the others by half the phase, whatever
// their number, and costs none its messages.
//
// Failures. A refusal changes nothing. A call that breaks off breaks its module: what was
// left for it is not_sent; other modules of the queue go on.
//
// The host has to refuse new opens during the exit, to keep each module loaded until its DRV_FREE,
// even if a handler closes its last instance meanwhile, to pass the time at which an answer came
// back, and to leave handles of given-up modules alone. One thread at a time calls the run; advance
// and take_ready get times that never go back.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>
#include <instdrv/exit.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/exit_plan.hpp"

namespace instdrv::core {

class ExitRun {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    // The notify phase begins at `now`. Negative timeouts count as zero.
    ExitRun(const ExitWorld& world, const ExitOptions& options, TimePoint now);
    // The same for these calls instead of those of an exit (see round.hpp); steps count from 0.
    ExitRun(ExitWorld world, const ExitOptions& options, const std::vector<ExitCall>& calls,
            TimePoint now);

    // The calls that may be sent now, each returned once; they count as sent at `now`.
    [[nodiscard]] std::vector<ExitCall> take_ready(TimePoint now);

    // How a call ended, with the time at which it did. Ignored for a call that is not out (given
    // up, never sent, no such step).
    void answered(std::size_t step, LRESULT answer, TimePoint now);
    void broke(std::size_t step, Error error, TimePoint now);
    // It could not be sent: the instance was closed since the exit began. Its later calls are
    // dropped.
    void gone(std::size_t step, TimePoint now);

    // Gives up what is overdue. Called at next_deadline(); harmless at any other time.
    void advance(TimePoint now);

    // When advance must be called at the latest; empty once done.
    [[nodiscard]] std::optional<TimePoint> next_deadline() const;
    // How many calls it is of.
    [[nodiscard]] std::size_t size() const noexcept { return steps_.size(); }
    [[nodiscard]] bool done() const noexcept { return open_notify_ + open_close_ == 0; }
    [[nodiscard]] ExitPhase phase() const noexcept { return phase_; }

    // The report of everything so far; complete once done().
    [[nodiscard]] ExitReport report() const;

private:
    enum class State { waiting, out, ended };
    // Why a step was not sent. The Error is made for the report: there may be very many.
    struct Dropped {
        ErrorCode code{};
        const char* cause = nullptr;  // null: it was sent, or its instance is gone
    };
    struct Step {
        ExitCall call;
        State state = State::waiting;
        TimePoint sent;
        ExitMessage result;
        Dropped dropped;
    };
    struct Queue {
        std::vector<std::size_t> steps;  // in the order of the plan
        std::size_t next = 0;            // into `steps`: none before it is waiting any more
        std::optional<std::size_t> out;  // the call under way
    };

    std::vector<ExitCall> take_next_in_order(TimePoint now);
    std::optional<std::size_t> next_waiting(Queue& queue) const;
    const ExitCall& send(std::size_t index, TimePoint now);

    Step* out_at(std::size_t index, TimePoint now);
    void end(Step& step, ExitOutcome outcome, TimePoint now);
    template <class Belongs>
    void drop(const Queue& queue, ErrorCode code, const char* cause, const Belongs& belongs);

    void expire(TimePoint now);
    void enter_close_when_told(TimePoint now);
    std::size_t& open_in(ExitPhase phase);
    [[nodiscard]] Error error_of(const Step& step) const;

    ExitWorld world_;
    ExitOptions options_;
    ExitPhase phase_ = ExitPhase::notify;
    TimePoint started_;
    TimePoint last_;            // the latest event before the end
    TimePoint deadline_;        // of the phase
    TimePoint end_;             // of both phases at the latest
    TimePoint in_order_until_;  // of the close phase
    std::vector<Step> steps_;
    std::vector<Queue> queues_;
    std::size_t in_order_ = 0;  // into steps_, as Queue::next
    std::size_t calls_out_ = 0;
    std::size_t open_notify_ = 0;  // steps of the phase that have not ended
    std::size_t open_close_ = 0;
};

}  // namespace instdrv::core
