#include "winapi/winmm/timer_thread.hpp"

#include <algorithm>
#include <cstddef>

#include "base/standard_error.hpp"
#include "base/thread.hpp"
#include "image/pe/control_words.hpp"
#include "image/pe/guarded_call.hpp"
#include "winapi/objects/objects.hpp"

namespace instdrv::winapi::winmm {
namespace {

constexpr std::size_t stack_size = std::size_t{1} << 20;  // as Windows' threads have

thread_local bool is_timer_thread = false;

void call_function(const Timer& timer, UINT id) {
    const auto* const function = reinterpret_cast<const void*>(timer.callback);
    const ContextScope scope(timer.context);
    const auto result = pe::guarded_call(function, id, 0, timer.user, 0, 0);
    if (result.broken != nullptr) {
        print_message("a driver's timer callback ended: {}", result.broken->text());
    }
}

void act(const Timer& timer, UINT id) {
    if (timer.action == Timer::Action::call) {
        call_function(timer, id);
        return;
    }
    const auto event = find_object<Event>(reinterpret_cast<HANDLE>(timer.callback));
    if (event == nullptr) return;
    event->set();
    if (timer.action == Timer::Action::pulse_event) event->reset();
}

bool can_run(const Timer& timer) {
    if (timer.action != Timer::Action::call) return true;
    const auto* const function = reinterpret_cast<const void*>(timer.callback);
    return Process::instance().loader().find_by_address(function) != nullptr;
}

}  // namespace

TimerThread& TimerThread::instance() {
    static auto* const thread = new TimerThread;
    return *thread;
}

UINT TimerThread::add(const Timer& timer) {
    const std::lock_guard lock(mutex_);
    if (!started_ && !start_detached("instdrv-timers", stack_size, [this] { run(); })) return 0;
    started_ = true;
    const UINT id = ++last_id_;
    timers_[id] = {timer, Clock::now() + timer.period};
    changed_.notify_one();
    return id;
}

bool TimerThread::remove(UINT id) {
    std::unique_lock lock(mutex_);
    const bool known = timers_.erase(id) != 0;
    const bool wait = running_ == id && running_is_awaited_ && !is_timer_thread;
    if (wait) idle_.wait(lock, [&] { return running_ != id; });
    return known;
}

std::map<UINT, TimerThread::Entry>::iterator TimerThread::next_due() {
    return std::min_element(timers_.begin(), timers_.end(), [](const auto& a, const auto& b) {
        return a.second.due < b.second.due;
    });
}

void TimerThread::fire(std::unique_lock<std::mutex>& lock, UINT id) {
    Entry& entry = timers_.at(id);
    const Timer timer = entry.timer;
    if (timer.periodic) {
        entry.due += timer.period;
    } else {
        timers_.erase(id);
    }
    running_ = id;
    running_is_awaited_ = timer.wait_on_removal;
    lock.unlock();
    const bool alive = can_run(timer);
    if (alive) act(timer, id);
    lock.lock();
    if (!alive) timers_.erase(id);
    running_ = 0;
    idle_.notify_all();
}

void TimerThread::run() {
    is_timer_thread = true;
    pe::become_drivers_thread();
    Process::instance().prepare_thread();
    std::unique_lock lock(mutex_);
    for (;;) {
        const auto next = next_due();
        if (next == timers_.end()) {
            changed_.wait(lock);
        } else if (const auto due = next->second.due; Clock::now() < due) {
            changed_.wait_until(lock, due);  // a copy: the timer may be removed meanwhile
        } else {
            fire(lock, next->first);
        }
    }
}

}  // namespace instdrv::winapi::winmm
