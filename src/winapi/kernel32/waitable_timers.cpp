// https://learn.microsoft.com/windows/win32/sync/waitable-timer-objects
#include <algorithm>
#include <mutex>

#include <sys/timerfd.h>
#include <unistd.h>

#include "winapi/exports/export.hpp"
#include "winapi/files/file_time.hpp"
#include "winapi/objects/objects.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD CREATE_WAITABLE_TIMER_MANUAL_RESET = 1;

class WaitableTimer final : public KernelObject {
public:
    static std::shared_ptr<WaitableTimer> create(bool manual_reset) {
        Fd relative(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
        if (!relative) return nullptr;
        return std::make_shared<WaitableTimer>(std::move(relative), manual_reset);
    }
    WaitableTimer(Fd fd, bool manual_reset) : fd_(std::move(fd)), manual_reset_(manual_reset) {}

    [[nodiscard]] int wait_fd() const noexcept override { return fd_.get(); }
    bool acquire() noexcept override {
        if (manual_reset_) return true;
        std::uint64_t count = 0;
        return ::read(fd_.get(), &count, sizeof count) == sizeof count;
    }

    // In 100 ns from now; 0 is at once. A period of 0 is none. Setting a timer resets it.
    bool set(std::uint64_t due, LONG period_ms) noexcept {
        const std::uint64_t first = std::max<std::uint64_t>(due, 1) * 100;
        const itimerspec times{
            .it_interval = {.tv_sec = period_ms / 1000,
                            .tv_nsec = static_cast<long>(period_ms % 1000) * 1'000'000},
            .it_value = {.tv_sec = static_cast<std::time_t>(first / 1'000'000'000),
                         .tv_nsec = static_cast<long>(first % 1'000'000'000)}};
        return ::timerfd_settime(fd_.get(), 0, &times, nullptr) == 0;
    }
    // A timer that is signalled stays so.
    void cancel() noexcept {
        const itimerspec none{};
        itimerspec left{};
        if (::timerfd_gettime(fd_.get(), &left) == 0 && left.it_value.tv_sec == 0 &&
            left.it_value.tv_nsec == 0) {
            return;
        }
        ::timerfd_settime(fd_.get(), 0, &none, nullptr);
    }

private:
    Fd fd_;
    bool manual_reset_;
};

template <class Character>
HANDLE create(bool manual_reset, const Character* name) {
    const auto make = [&] { return WaitableTimer::create(manual_reset); };
    const NamedObject timer =
        name == nullptr ? NamedObject{make(), false} : find_or_make(to_wide_text(name), make);
    if (!timer.object) return fail(ERROR_NOT_ENOUGH_MEMORY, nullptr);
    if (!std::dynamic_pointer_cast<WaitableTimer>(timer.object)) {
        return fail(ERROR_INVALID_HANDLE, nullptr);
    }
    set_last_error(timer.existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return new_handle(timer.object);
}

template <class Character>
HANDLE CreateWaitableTimer(void*, BOOL manual_reset, const Character* name) {
    return create(manual_reset != FALSE, name);
}
WINAPI_EXPORT_AS("CreateWaitableTimerA", in_kernel32, CreateWaitableTimer<char>);
WINAPI_EXPORT_AS("CreateWaitableTimerW", in_kernel32, CreateWaitableTimer<WCHAR>);

template <class Character>
HANDLE CreateWaitableTimerEx(void*, const Character* name, DWORD flags, DWORD) {
    return create((flags & CREATE_WAITABLE_TIMER_MANUAL_RESET) != 0, name);
}
WINAPI_EXPORT_AS("CreateWaitableTimerExA", in_kernel32, CreateWaitableTimerEx<char>);
WINAPI_EXPORT_AS("CreateWaitableTimerExW", in_kernel32, CreateWaitableTimerEx<WCHAR>);

// A negative time counts from now, a positive one is a moment in universal time.
std::uint64_t ticks_from_now(LONGLONG due) {
    if (due <= 0) return static_cast<std::uint64_t>(-due);
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const std::uint64_t present = ticks_of(now);
    const auto moment = static_cast<std::uint64_t>(due);
    return moment > present ? moment - present : 0;
}

BOOL SetWaitableTimer(HANDLE handle, const LONGLONG* due, LONG period, const void* completion,
                      void*, BOOL) {
    const auto timer = find_object<WaitableTimer>(handle);
    if (!timer) return fail(ERROR_INVALID_HANDLE, FALSE);
    if (due == nullptr || period < 0) return fail(ERROR_INVALID_PARAMETER, FALSE);
    if (completion != nullptr) return fail(ERROR_NOT_SUPPORTED, FALSE);
    return timer->set(ticks_from_now(*due), period) ? TRUE : fail(ERROR_INVALID_PARAMETER, FALSE);
}
WINAPI_EXPORT(SetWaitableTimer, in_kernel32, Coverage::partial,
              "no completion routine; a moment does not move when the clock is set");

BOOL CancelWaitableTimer(HANDLE handle) {
    const auto timer = find_object<WaitableTimer>(handle);
    if (!timer) return fail(ERROR_INVALID_HANDLE, FALSE);
    timer->cancel();
    return TRUE;
}
WINAPI_EXPORT(CancelWaitableTimer, in_kernel32);

}  // namespace

}  // namespace instdrv::winapi::kernel32
