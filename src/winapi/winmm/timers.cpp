// Multimedia timers. https://learn.microsoft.com/windows/win32/multimedia/multimedia-timers
#include <ctime>

#include "winapi/exports/export.hpp"
#include "winapi/process/process.hpp"
#include "winapi/winmm/results.hpp"
#include "winapi/winmm/timer_thread.hpp"

namespace instdrv::winapi::winmm {
namespace {

constexpr MMRESULT TIMERR_NOERROR = 0;
constexpr MMRESULT TIMERR_NOCANDO = 97;
constexpr UINT shortest_period = 1;  // milliseconds
constexpr UINT longest_period = 1'000'000;

constexpr UINT TIME_PERIODIC = 0x1;
constexpr UINT TIME_CALLBACK_EVENT_SET = 0x10;
constexpr UINT TIME_CALLBACK_EVENT_PULSE = 0x20;
constexpr UINT TIME_KILL_SYNCHRONOUS = 0x100;

DWORD timeGetTime() {
    std::timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<DWORD>(static_cast<std::uint64_t>(now.tv_sec) * 1000 +
                              static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000);
}
WINAPI_EXPORT(timeGetTime, in_winmm);

struct Time {  // MMTIME
    UINT type;
    union {
        DWORD milliseconds;
        BYTE other[8];
    };
};
static_assert(sizeof(Time) == 12);

MMRESULT timeGetSystemTime(Time* time, UINT size) {
    constexpr UINT TIME_MS = 1;
    if (time == nullptr || size < sizeof *time) return TIMERR_NOCANDO;
    time->type = TIME_MS;
    time->milliseconds = timeGetTime();
    return TIMERR_NOERROR;
}
WINAPI_EXPORT(timeGetSystemTime, in_winmm);

struct Caps {
    UINT shortest;
    UINT longest;
};

MMRESULT timeGetDevCaps(Caps* caps, UINT size) {
    if (caps == nullptr || size < sizeof *caps) return TIMERR_NOCANDO;
    *caps = {shortest_period, longest_period};
    return TIMERR_NOERROR;
}
WINAPI_EXPORT(timeGetDevCaps, in_winmm);

// The clock is always as fine as it can be.
MMRESULT change_period(UINT period) {
    return period >= shortest_period && period <= longest_period ? TIMERR_NOERROR : TIMERR_NOCANDO;
}
WINAPI_EXPORT_AS("timeBeginPeriod", in_winmm, change_period);
WINAPI_EXPORT_AS("timeEndPeriod", in_winmm, change_period);

MMRESULT timeSetEvent(UINT delay, UINT, DWORD_PTR callback, DWORD_PTR user, UINT flags) {
    if (delay < shortest_period || delay > longest_period || callback == 0) return 0;
    Timer timer;
    timer.period = std::chrono::milliseconds(delay);
    timer.periodic = (flags & TIME_PERIODIC) != 0;
    timer.wait_on_removal = (flags & TIME_KILL_SYNCHRONOUS) != 0;
    timer.user = user;
    timer.context = current_context();
    timer.callback = callback;
    if ((flags & TIME_CALLBACK_EVENT_SET) != 0) timer.action = Timer::Action::set_event;
    if ((flags & TIME_CALLBACK_EVENT_PULSE) != 0) timer.action = Timer::Action::pulse_event;
    return TimerThread::instance().add(timer);
}
WINAPI_EXPORT(timeSetEvent, in_winmm);

MMRESULT timeKillEvent(UINT id) {
    return TimerThread::instance().remove(id) ? TIMERR_NOERROR : MMSYSERR_INVALPARAM;
}
WINAPI_EXPORT(timeKillEvent, in_winmm);

}  // namespace

}  // namespace instdrv::winapi::winmm
