#include "stress/exit_checker.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "messages/catalog.hpp"

namespace instdrv::stress {

ExitChecker::ExitChecker(const core::ExitWorld& world, const ExitOptions& options, TimePoint start)
    : world_(world),
      options_(options),
      start_(start),
      notify_deadline_(start + options.notify_timeout),
      open_(world.instances.size(), true) {
    for (const auto& module : world.modules) {
        alive_.push_back(module.enabled);
        queues_.resize(std::max(queues_.size(), module.queue + 1));
    }
    expect_order();
}

void ExitChecker::expect_order() {
    std::vector<bool> used(world_.modules.size());
    for (std::size_t i = world_.instances.size(); i-- > 0;) {
        const auto module = world_.instances[i].module;
        used[module] = true;
        notify_order_.push_back({module, i, DRV_EXITSESSION, false});
        if (options_.send_close) close_order_.push_back({module, i, DRV_CLOSE, false});
    }
    for (std::size_t m = world_.modules.size(); m-- > 0;) {
        if (!is_ready(m)) continue;
        if (!used[m]) notify_order_.push_back({m, {}, DRV_EXITSESSION, false});
        if (options_.send_close && world_.modules[m].session_instance) {
            close_order_.push_back({m, {}, DRV_CLOSE, true});
        }
        close_order_.push_back({m, {}, DRV_DISABLE, false});
        close_order_.push_back({m, {}, DRV_FREE, false});
        close_order_.push_back({m, {}, unloading_step, false});
    }
    for (std::size_t m = world_.modules.size(); m-- > 0;) {
        if (!is_ready(m)) close_order_.push_back(waited_for(m));
    }
}

bool ExitChecker::is_ready(std::size_t module) const {
    return world_.modules[module].state == core::ExitModuleState::ready;
}

// Of a module that another call loads or unloads.
ExitChecker::Subject ExitChecker::waited_for(std::size_t module) const {
    const bool loads = world_.modules[module].state == core::ExitModuleState::loading;
    return {module, {}, loads ? loading_step : unloading_step, false};
}

ExitChecker::Subject ExitChecker::subject_of(const core::ExitCall& call) {
    return {call.module, call.instance, call.message, call.hidden};
}

std::string ExitChecker::text_of(const Subject& subject) const {
    const auto who = subject.instance ? fmt::format(" instance {}", *subject.instance) : "";
    return fmt::format("m{}{} {}{}", subject.module, who, messages::describe(subject.message),
                       subject.hidden ? " (session instance)" : "");
}

void ExitChecker::fail(std::string promise, std::string what) {
    if (!violation_) violation_ = {std::move(promise), std::move(what)};
}

bool ExitChecker::may_get(const Subject& subject) const {
    return alive_[subject.module] && !queues_[queue_of(subject)].given_up &&
           (!subject.instance || open_[*subject.instance]) && !records_.contains(subject);
}

const ExitChecker::Subject* ExitChecker::next(const std::vector<Subject>& expected,
                                              std::optional<std::size_t> queue) const {
    const auto found = std::find_if(expected.begin(), expected.end(), [&](const Subject& subject) {
        return (!queue || queue_of(subject) == *queue) && may_get(subject);
    });
    return found == expected.end() ? nullptr : &*found;
}

const ExitChecker::Subject* ExitChecker::next_for_free_queue(
    const std::vector<Subject>& expected) const {
    for (std::size_t queue = 0; queue < queues_.size(); ++queue) {
        const auto* waiting = queues_[queue].out ? nullptr : next(expected, queue);
        if (waiting != nullptr) return waiting;
    }
    return nullptr;
}

bool ExitChecker::any_out() const {
    return std::any_of(queues_.begin(), queues_.end(),
                       [](const Queue& queue) { return queue.out.has_value() && !queue.given_up; });
}

// ---- calls --------------------------------------------------------------------------------------

void ExitChecker::delivered(const core::ExitCall& call, TimePoint now) {
    const auto subject = subject_of(call);
    auto& queue = queues_[queue_of(subject)];
    follow_phase(now);
    check_identity(call);
    if (records_.contains(subject)) fail("told", text_of(subject) + " was sent twice");
    if (queue.out) fail("order", text_of(subject) + " while its queue is in a call");
    if (queue.given_up) fail("order", text_of(subject) + " to a queue that was given up");
    if (!alive_[call.module]) fail("order", text_of(subject) + " to a module that broke off");
    if (subject.message == DRV_EXITSESSION) {
        check_notify(subject);
    } else {
        check_close(subject, now);
    }
    queue.out = subject;
    records_[subject] = {.sent = now, .ended = now};
}

void ExitChecker::check_identity(const core::ExitCall& call) {
    HDRVR handle = nullptr;
    DWORD_PTR id = 0;
    if (call.instance) {
        handle = world_.instances[*call.instance].handle;
        id = world_.instances[*call.instance].driver_id;
    } else if (call.hidden) {
        handle = world_.modules[call.module].session_instance->handle;
        id = world_.modules[call.module].session_instance->driver_id;
    }
    if (call.handle != handle || call.driver_id != id) {
        fail("told", text_of(subject_of(call)) + " with another one's handle or dwDriverId");
    }
}

void ExitChecker::check_notify(const Subject& subject) {
    if (close_begin_) fail("told", text_of(subject) + " after closing began");
    const auto* expected = next(notify_order_, queue_of(subject));
    if (expected == nullptr || *expected != subject) {
        fail("order", text_of(subject) + " is not the newest of its queue that is left");
    }
}

void ExitChecker::check_close(const Subject& subject, TimePoint now) {
    if (!close_begin_) {
        fail("told", text_of(subject) + " before every driver was told and had its time");
        return;
    }
    const bool in_order = now < half_;
    if (in_order && any_out()) fail("order", text_of(subject) + " while another call is out");
    const auto* expected = in_order ? next(close_order_) : next(close_order_, queue_of(subject));
    if (expected == nullptr || *expected != subject)
        fail("order", text_of(subject) + " out of turn");
    if (now >= close_deadline_) fail("delay", text_of(subject) + " after the deadline");
}

void ExitChecker::answered(const core::ExitCall& call, LRESULT answer, TimePoint now) {
    const bool refused = call.message == DRV_CLOSE && answer == 0;
    finish(call, refused ? ExitOutcome::refused : ExitOutcome::answered, answer, now);
}

void ExitChecker::broke(const core::ExitCall& call, TimePoint now) {
    if (!queues_[call.queue].given_up) alive_[call.module] = false;
    finish(call, ExitOutcome::failed, 0, now);
}

void ExitChecker::finish(const core::ExitCall& call, ExitOutcome outcome, LRESULT answer,
                         TimePoint now) {
    auto& queue = queues_[call.queue];
    if (queue.given_up) return;
    queue.out.reset();
    auto& record = records_[subject_of(call)];
    record.ended = now;
    record.outcome = outcome;
    record.answer = answer;
}

void ExitChecker::closed(std::size_t instance) { open_[instance] = false; }

void ExitChecker::gone(const core::ExitCall& call, TimePoint now) {
    if (!call.instance || open_[*call.instance]) fail("ends", "gone without reason");
    for (const auto message : {call.message, UINT{DRV_CLOSE}}) {
        const Subject later{call.module, call.instance, message, false};
        records_[later] = {now, now, ExitOutcome::closed, 0};
    }
}

// ---- time ---------------------------------------------------------------------------------------

void ExitChecker::follow_phase(TimePoint now) {
    if (!close_begin_) {
        if (now >= notify_deadline_) give_up(now);
        if (now < notify_deadline_ && (any_out() || next(notify_order_) != nullptr)) return;
        close_begin_ = now;
        close_deadline_ = now + options_.close_timeout;
        half_ = now + std::chrono::nanoseconds(options_.close_timeout) / 2;
    }
    if (now >= close_deadline_) give_up(now);
}

void ExitChecker::settled(TimePoint now, bool done) {
    if (look_again_by_ && now > *look_again_by_) fail("delay", "slept over the half of the phase");
    look_again_by_.reset();
    follow_phase(now);
    if (done) return;
    check_nothing_waits(now);
    if (now > start_ + options_.notify_timeout + options_.close_timeout) {
        fail("delay", "the exit goes on after both timeouts");
    }
}

void ExitChecker::give_up(TimePoint now) {
    for (auto& queue : queues_) {
        if (!queue.out || queue.given_up) continue;
        queue.given_up = true;
        records_[*queue.out].ended = now;
    }
}

void ExitChecker::check_nothing_waits(TimePoint now) {
    const auto& expected = close_begin_ ? close_order_ : notify_order_;
    const bool in_order = close_begin_ && now < half_;
    if (close_begin_ && now >= close_deadline_) return fail("delay", "not done at the deadline");
    if (close_begin_ && next(expected) == nullptr && !any_out()) {
        return fail("ends", "everything has ended, and the run is not done");
    }
    if (in_order) {
        if (!any_out()) fail("delay", "nothing is out though calls are left");
        if (next_for_free_queue(expected) != nullptr) look_again_by_ = half_;
        return;
    }
    if (const auto* waiting = next_for_free_queue(expected)) {
        fail("delay", text_of(*waiting) + " waits though its queue is free");
    }
}

// ---- the end ------------------------------------------------------------------------------------

void ExitChecker::ended(const ExitReport& report, TimePoint now) {
    if (any_out()) fail("durable", "done while a call has time left");
    if (now > start_ + options_.notify_timeout + options_.close_timeout) {
        fail("delay", "done after both timeouts");
    }
    if (report.took != now - start_) fail("report", "the whole exit took another time");
    check_all_told();
    std::vector<std::pair<std::size_t, std::optional<std::size_t>>> expected;
    for (const auto& subject : notify_order_)
        expected.emplace_back(subject.module, subject.instance);
    // In the place where modules without instances stand.
    std::vector<std::size_t> alone;
    for (std::size_t m = world_.modules.size(); m-- > 0;) {
        const auto record = is_ready(m) ? records_.end() : records_.find(waited_for(m));
        const bool ended_elsewhere =
            record != records_.end() && record->second.outcome == ExitOutcome::answered;
        const bool used = std::any_of(world_.instances.begin(), world_.instances.end(),
                                      [m](const auto& one) { return one.module == m; });
        if (!used && !ended_elsewhere) alone.push_back(m);
    }
    std::erase_if(expected, [](const auto& one) { return !one.second; });
    for (const auto module : alone)
        expected.emplace_back(module, std::nullopt);
    if (report.drivers.size() != expected.size()) {
        return fail("report", "it has another number of drivers");
    }
    for (std::size_t n = 0; n < expected.size(); ++n) {
        check_driver(report.drivers[n], expected[n].first, expected[n].second);
    }
}

void ExitChecker::check_all_told() {
    for (const auto& subject : notify_order_) {
        const bool excused = !alive_[subject.module] || queues_[queue_of(subject)].given_up ||
                             (subject.instance && !open_[*subject.instance]) ||
                             // A call that returns at the deadline itself leaves those behind it
                             // untold, and its queue in use.
                             (close_begin_ && *close_begin_ >= notify_deadline_);
        if (!records_.contains(subject) && !excused) {
            fail("told", text_of(subject) + " was never sent");
        }
    }
}

void ExitChecker::check_driver(const ExitDriver& driver, std::size_t module,
                               std::optional<std::size_t> instance) {
    const auto& name = instance ? world_.instances[*instance].name : world_.modules[module].name;
    if (driver.name != name || driver.file != world_.modules[module].file ||
        driver.instance != (instance ? world_.instances[*instance].handle : nullptr) ||
        driver.driver_id != (instance ? world_.instances[*instance].driver_id : 0)) {
        return fail("report", "there is another driver where " + name + " belongs");
    }
    std::vector<Subject> expected{{module, instance, DRV_EXITSESSION, false}};
    if (instance && options_.send_close) expected.push_back({module, instance, DRV_CLOSE, false});
    expected.push_back({module, {}, DRV_DISABLE, false});
    expected.push_back({module, {}, DRV_FREE, false});
    expected.push_back({module, {}, unloading_step, false});
    if (!is_ready(module)) expected = {waited_for(module)};
    if (driver.messages.size() != expected.size()) {
        return fail("report", name + " has another number of messages");
    }
    std::chrono::microseconds sum{0};
    bool well = true;
    for (std::size_t n = 0; n < expected.size(); ++n) {
        check_message(driver, driver.messages[n], expected[n]);
        sum += driver.messages[n].took;
        well = well && (driver.messages[n].outcome == ExitOutcome::answered ||
                        driver.messages[n].outcome == ExitOutcome::closed);
    }
    if (driver.took != sum) fail("report", name + " took another time than its messages");
    if (driver.ended_well() != well || (driver.outcome() == "ended") != well) {
        fail("report", name + " has an end that its messages do not bear out");
    }
}

void ExitChecker::check_message(const ExitDriver& driver, const ExitMessage& message,
                                const Subject& subject) {
    const auto found = records_.find(subject);
    const bool sent = found != records_.end();
    const auto expected = sent ? found->second : Record{.outcome = ExitOutcome::not_sent};
    const bool agrees =
        message.message == subject.message && message.outcome == expected.outcome &&
        message.answer == expected.answer && message.took == expected.ended - expected.sent &&
        message.phase ==
            (subject.message == DRV_EXITSESSION ? ExitPhase::notify : ExitPhase::close);
    if (!agrees) {
        fail("report", fmt::format("{}: {} is {} in it, and was {}", driver.name,
                                   messages::describe(subject.message), name_of(message.outcome),
                                   name_of(expected.outcome)));
    }
    const bool needs_error =
        message.outcome == ExitOutcome::failed || message.outcome == ExitOutcome::not_sent;
    if (message.error.has_value() != needs_error) {
        fail("report", driver.name + " lacks a reason, or has one without need");
    }
}

}  // namespace instdrv::stress
