// The thread that calls back for timeSetEvent: one for the process, as Windows has it, so callbacks
// of one process never run at the same time. [any thread]
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#include "winapi/abi.hpp"
#include "winapi/process/process.hpp"

namespace instdrv::winapi::winmm {

struct Timer {
    enum class Action { call, set_event, pulse_event };
    Action action = Action::call;
    std::chrono::milliseconds period{};  // of the first call, too
    bool periodic = false;
    bool wait_on_removal = false;  // removing it waits for a call that is running
    DWORD_PTR callback = 0;        // a function of a PE image, or an event's HANDLE
    DWORD_PTR user = 0;
    const DriverContext* context = nullptr;  // on whose behalf the function runs
};

class TimerThread {
public:
    static TimerThread& instance();  // lives as long as the process

    // Adds a timer and returns its number; 0 if no thread can be started for it. Starts the thread
    // at the first timer. A timer whose function's image is gone is dropped instead of called.
    UINT add(const Timer& timer);
    // False: there is no such timer, or it has run already. The timer itself may call this.
    bool remove(UINT id);

private:
    using Clock = std::chrono::steady_clock;
    struct Entry {
        Timer timer;
        Clock::time_point due;
    };

    TimerThread() = default;
    void run();
    std::map<UINT, Entry>::iterator next_due();
    void fire(std::unique_lock<std::mutex>& lock, UINT id);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::condition_variable idle_;
    std::map<UINT, Entry> timers_;
    UINT last_id_ = 0;
    UINT running_ = 0;  // the timer being called, 0: none
    bool running_is_awaited_ = false;
    bool started_ = false;
};

}  // namespace instdrv::winapi::winmm
