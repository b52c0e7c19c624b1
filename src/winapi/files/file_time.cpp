#include "winapi/files/file_time.hpp"

#include <chrono>

namespace instdrv::winapi {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year_month_day;

constexpr sys_days windows_epoch = sys_days{std::chrono::year{1601} / 1 / 1};
constexpr std::int64_t seconds_to_unix_epoch =
    std::chrono::duration_cast<std::chrono::seconds>(-windows_epoch.time_since_epoch()).count();
constexpr std::uint64_t ticks_per_day = 86400 * ticks_per_second;

}  // namespace

std::uint64_t ticks_of(const FileTime& time) noexcept {
    return (std::uint64_t{time.high} << 32) | time.low;
}

FileTime file_time_of(std::uint64_t ticks) noexcept {
    return {static_cast<DWORD>(ticks), static_cast<DWORD>(ticks >> 32)};
}

std::uint64_t ticks_of(const timespec& unix_time) noexcept {
    const std::int64_t seconds = unix_time.tv_sec + seconds_to_unix_epoch;
    if (seconds < 0) return 0;
    return static_cast<std::uint64_t>(seconds) * ticks_per_second +
           static_cast<std::uint64_t>(unix_time.tv_nsec) / 100;
}

timespec unix_time_of(std::uint64_t ticks) noexcept {
    return {.tv_sec = static_cast<std::int64_t>(ticks / ticks_per_second) - seconds_to_unix_epoch,
            .tv_nsec = static_cast<long>(ticks % ticks_per_second) * 100};
}

std::optional<std::uint64_t> ticks_of(const SystemTime& time) noexcept {
    const year_month_day date = std::chrono::year{time.year} / time.month / time.day;
    if (!date.ok() || time.year < 1601 || time.year > 30827) return std::nullopt;
    if (time.hour > 23 || time.minute > 59 || time.second > 59 || time.milliseconds > 999) {
        return std::nullopt;
    }
    const auto day = static_cast<std::uint64_t>((sys_days{date} - windows_epoch).count());
    const std::uint64_t second = time.hour * 3600u + time.minute * 60u + time.second;
    return day * ticks_per_day + second * ticks_per_second + time.milliseconds * 10'000u;
}

std::optional<SystemTime> system_time_of(std::uint64_t ticks) noexcept {
    if (ticks >= std::uint64_t{1} << 63) return std::nullopt;
    const sys_days day = windows_epoch + days{static_cast<int>(ticks / ticks_per_day)};
    const year_month_day date{day};
    const std::uint64_t second = ticks % ticks_per_day / ticks_per_second;
    return SystemTime{
        .year = static_cast<WORD>(int{date.year()}),
        .month = static_cast<WORD>(unsigned{date.month()}),
        .day_of_week = static_cast<WORD>(weekday{day}.c_encoding()),
        .day = static_cast<WORD>(unsigned{date.day()}),
        .hour = static_cast<WORD>(second / 3600),
        .minute = static_cast<WORD>(second / 60 % 60),
        .second = static_cast<WORD>(second % 60),
        .milliseconds = static_cast<WORD>(ticks % ticks_per_second / 10'000),
    };
}

}  // namespace instdrv::winapi
