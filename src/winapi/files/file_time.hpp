// Windows' times: 100-nanosecond steps since 1601-01-01 UTC, and calendar dates.
// https://learn.microsoft.com/windows/win32/sysinfo/file-times
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>

#include "winapi/abi.hpp"

namespace instdrv::winapi {

struct FileTime {
    DWORD low;
    DWORD high;
};

struct SystemTime {
    WORD year;
    WORD month;        // 1 to 12
    WORD day_of_week;  // 0: Sunday
    WORD day;
    WORD hour;
    WORD minute;
    WORD second;
    WORD milliseconds;
};
static_assert(sizeof(SystemTime) == 16);

constexpr std::uint64_t ticks_per_second = 10'000'000;

std::uint64_t ticks_of(const FileTime& time) noexcept;
FileTime file_time_of(std::uint64_t ticks) noexcept;
// Times before 1601 are 0.
std::uint64_t ticks_of(const timespec& unix_time) noexcept;
timespec unix_time_of(std::uint64_t ticks) noexcept;

// Nothing for a date that does not exist, or before 1601 or after 30827. day_of_week is not looked
// at.
std::optional<std::uint64_t> ticks_of(const SystemTime& time) noexcept;
// Nothing for times at or beyond 2^63, as Windows refuses them.
std::optional<SystemTime> system_time_of(std::uint64_t ticks) noexcept;

}  // namespace instdrv::winapi
