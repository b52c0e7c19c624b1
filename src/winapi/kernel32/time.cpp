// https://learn.microsoft.com/windows/win32/sysinfo/time-functions
#include <ctime>

#include "winapi/exports/export.hpp"
#include "winapi/files/file_time.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

timespec now(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return time;
}

std::uint64_t ticks(clockid_t clock) {
    const timespec time = now(clock);
    return static_cast<std::uint64_t>(time.tv_sec) * ticks_per_second +
           static_cast<std::uint64_t>(time.tv_nsec) / 100;
}

// Goes on while the machine sleeps, as on Windows.
ULONGLONG GetTickCount64() { return ticks(CLOCK_BOOTTIME) / 10'000; }
WINAPI_EXPORT(GetTickCount64, in_kernel32);

DWORD GetTickCount() { return static_cast<DWORD>(GetTickCount64()); }
WINAPI_EXPORT(GetTickCount, in_kernel32);

BOOL QueryPerformanceCounter(LONGLONG* counter) {
    *counter = static_cast<LONGLONG>(ticks(CLOCK_MONOTONIC));
    return TRUE;
}
WINAPI_EXPORT(QueryPerformanceCounter, in_kernel32);

BOOL QueryPerformanceFrequency(LONGLONG* frequency) {
    *frequency = static_cast<LONGLONG>(ticks_per_second);
    return TRUE;
}
WINAPI_EXPORT(QueryPerformanceFrequency, in_kernel32);

void GetSystemTimeAsFileTime(FileTime* time) {
    *time = file_time_of(ticks_of(now(CLOCK_REALTIME)));
}
WINAPI_EXPORT(GetSystemTimeAsFileTime, in_kernel32);
WINAPI_EXPORT_AS("GetSystemTimePreciseAsFileTime", in_kernel32, GetSystemTimeAsFileTime);

void GetSystemTime(SystemTime* time) {
    *time = system_time_of(ticks_of(now(CLOCK_REALTIME))).value_or(SystemTime{});
}
WINAPI_EXPORT(GetSystemTime, in_kernel32);

// The difference between local and universal time at a moment, in ticks.
std::int64_t local_offset(std::uint64_t universal) {
    const std::time_t seconds = unix_time_of(universal).tv_sec;
    tm local{};
    if (::localtime_r(&seconds, &local) == nullptr) return 0;
    return static_cast<std::int64_t>(local.tm_gmtoff) * static_cast<std::int64_t>(ticks_per_second);
}

void GetLocalTime(SystemTime* time) {
    const std::uint64_t universal = ticks_of(now(CLOCK_REALTIME));
    const auto local = universal + static_cast<std::uint64_t>(local_offset(universal));
    *time = system_time_of(local).value_or(SystemTime{});
}
WINAPI_EXPORT(GetLocalTime, in_kernel32);

BOOL SystemTimeToFileTime(const SystemTime* time, FileTime* file_time) {
    const auto ticks = ticks_of(*time);
    if (!ticks) return fail(ERROR_INVALID_PARAMETER, FALSE);
    *file_time = file_time_of(*ticks);
    return TRUE;
}
WINAPI_EXPORT(SystemTimeToFileTime, in_kernel32);

BOOL FileTimeToSystemTime(const FileTime* file_time, SystemTime* time) {
    const auto date = system_time_of(ticks_of(*file_time));
    if (!date) return fail(ERROR_INVALID_PARAMETER, FALSE);
    *time = *date;
    return TRUE;
}
WINAPI_EXPORT(FileTimeToSystemTime, in_kernel32);

// Both use the offset of today, as documented.
BOOL FileTimeToLocalFileTime(const FileTime* file_time, FileTime* local) {
    const std::int64_t offset = local_offset(ticks_of(now(CLOCK_REALTIME)));
    *local = file_time_of(ticks_of(*file_time) + static_cast<std::uint64_t>(offset));
    return TRUE;
}
WINAPI_EXPORT(FileTimeToLocalFileTime, in_kernel32);

BOOL LocalFileTimeToFileTime(const FileTime* local, FileTime* file_time) {
    const std::int64_t offset = local_offset(ticks_of(now(CLOCK_REALTIME)));
    *file_time = file_time_of(ticks_of(*local) - static_cast<std::uint64_t>(offset));
    return TRUE;
}
WINAPI_EXPORT(LocalFileTimeToFileTime, in_kernel32);

LONG CompareFileTime(const FileTime* first, const FileTime* second) {
    const std::uint64_t a = ticks_of(*first);
    const std::uint64_t b = ticks_of(*second);
    return a < b ? -1 : a > b ? 1 : 0;
}
WINAPI_EXPORT(CompareFileTime, in_kernel32);

BOOL FileTimeToDosDateTime(const FileTime* file_time, WORD* date, WORD* time) {
    const auto when = system_time_of(ticks_of(*file_time));
    if (!when || when->year < 1980 || when->year > 2107)
        return fail(ERROR_INVALID_PARAMETER, FALSE);
    *date = static_cast<WORD>((when->year - 1980) << 9 | when->month << 5 | when->day);
    *time = static_cast<WORD>(when->hour << 11 | when->minute << 5 | when->second / 2);
    return TRUE;
}
WINAPI_EXPORT(FileTimeToDosDateTime, in_kernel32);

BOOL DosDateTimeToFileTime(WORD date, WORD time, FileTime* file_time) {
    const SystemTime when{
        .year = static_cast<WORD>(1980 + (date >> 9)),
        .month = static_cast<WORD>(date >> 5 & 15),
        .day = static_cast<WORD>(date & 31),
        .hour = static_cast<WORD>(time >> 11),
        .minute = static_cast<WORD>(time >> 5 & 63),
        .second = static_cast<WORD>((time & 31) * 2),
    };
    return SystemTimeToFileTime(&when, file_time);
}
WINAPI_EXPORT(DosDateTimeToFileTime, in_kernel32);

struct TimeZoneInformation {
    LONG bias;  // minutes to add to local time to get universal time
    WCHAR standard_name[32];
    SystemTime standard_date;
    LONG standard_bias;
    WCHAR daylight_name[32];
    SystemTime daylight_date;
    LONG daylight_bias;
};
static_assert(sizeof(TimeZoneInformation) == 172);

DWORD GetTimeZoneInformation(TimeZoneInformation* information) {
    constexpr DWORD TIME_ZONE_ID_UNKNOWN = 0;
    const std::int64_t offset = local_offset(ticks_of(now(CLOCK_REALTIME)));
    *information = TimeZoneInformation{};
    information->bias =
        static_cast<LONG>(-offset / static_cast<std::int64_t>(60 * ticks_per_second));
    return TIME_ZONE_ID_UNKNOWN;
}
WINAPI_EXPORT(GetTimeZoneInformation, in_kernel32, Coverage::partial,
              "the present offset, with no names and no daylight rule");

}  // namespace

}  // namespace instdrv::winapi::kernel32
