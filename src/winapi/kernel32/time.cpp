// https://learn.microsoft.com/windows/win32/sysinfo/time-functions
#include <ctime>

#include "winapi/file_time.hpp"
#include "winapi/kernel32/topics.hpp"
#include "winapi/last_error.hpp"

namespace instdrv::winapi {
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
ULONGLONG WINFN GetTickCount64() { return ticks(CLOCK_BOOTTIME) / 10'000; }

DWORD WINFN GetTickCount() { return static_cast<DWORD>(GetTickCount64()); }

BOOL WINFN QueryPerformanceCounter(LONGLONG* counter) {
    *counter = static_cast<LONGLONG>(ticks(CLOCK_MONOTONIC));
    return TRUE;
}

BOOL WINFN QueryPerformanceFrequency(LONGLONG* frequency) {
    *frequency = static_cast<LONGLONG>(ticks_per_second);
    return TRUE;
}

void WINFN GetSystemTimeAsFileTime(FileTime* time) {
    *time = file_time_of(ticks_of(now(CLOCK_REALTIME)));
}

void WINFN GetSystemTime(SystemTime* time) {
    *time = system_time_of(ticks_of(now(CLOCK_REALTIME))).value_or(SystemTime{});
}

// The difference between local and universal time at a moment, in ticks.
std::int64_t local_offset(std::uint64_t universal) {
    const std::time_t seconds = unix_time_of(universal).tv_sec;
    tm local{};
    if (::localtime_r(&seconds, &local) == nullptr) return 0;
    return static_cast<std::int64_t>(local.tm_gmtoff) * static_cast<std::int64_t>(ticks_per_second);
}

void WINFN GetLocalTime(SystemTime* time) {
    const std::uint64_t universal = ticks_of(now(CLOCK_REALTIME));
    const auto local = universal + static_cast<std::uint64_t>(local_offset(universal));
    *time = system_time_of(local).value_or(SystemTime{});
}

BOOL WINFN SystemTimeToFileTime(const SystemTime* time, FileTime* file_time) {
    const auto ticks = ticks_of(*time);
    if (!ticks) return fail(ERROR_INVALID_PARAMETER, FALSE);
    *file_time = file_time_of(*ticks);
    return TRUE;
}

BOOL WINFN FileTimeToSystemTime(const FileTime* file_time, SystemTime* time) {
    const auto date = system_time_of(ticks_of(*file_time));
    if (!date) return fail(ERROR_INVALID_PARAMETER, FALSE);
    *time = *date;
    return TRUE;
}

// Both use the offset of today, as documented.
BOOL WINFN FileTimeToLocalFileTime(const FileTime* file_time, FileTime* local) {
    const std::int64_t offset = local_offset(ticks_of(now(CLOCK_REALTIME)));
    *local = file_time_of(ticks_of(*file_time) + static_cast<std::uint64_t>(offset));
    return TRUE;
}

BOOL WINFN LocalFileTimeToFileTime(const FileTime* local, FileTime* file_time) {
    const std::int64_t offset = local_offset(ticks_of(now(CLOCK_REALTIME)));
    *file_time = file_time_of(ticks_of(*local) - static_cast<std::uint64_t>(offset));
    return TRUE;
}

LONG WINFN CompareFileTime(const FileTime* first, const FileTime* second) {
    const std::uint64_t a = ticks_of(*first);
    const std::uint64_t b = ticks_of(*second);
    return a < b ? -1 : a > b ? 1 : 0;
}

BOOL WINFN FileTimeToDosDateTime(const FileTime* file_time, WORD* date, WORD* time) {
    const auto when = system_time_of(ticks_of(*file_time));
    if (!when || when->year < 1980 || when->year > 2107)
        return fail(ERROR_INVALID_PARAMETER, FALSE);
    *date = static_cast<WORD>((when->year - 1980) << 9 | when->month << 5 | when->day);
    *time = static_cast<WORD>(when->hour << 11 | when->minute << 5 | when->second / 2);
    return TRUE;
}

BOOL WINFN DosDateTimeToFileTime(WORD date, WORD time, FileTime* file_time) {
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

DWORD WINFN GetTimeZoneInformation(TimeZoneInformation* information) {
    constexpr DWORD TIME_ZONE_ID_UNKNOWN = 0;
    const std::int64_t offset = local_offset(ticks_of(now(CLOCK_REALTIME)));
    *information = TimeZoneInformation{};
    information->bias =
        static_cast<LONG>(-offset / static_cast<std::int64_t>(60 * ticks_per_second));
    return TIME_ZONE_ID_UNKNOWN;
}

}  // namespace

std::span<const Export> time_exports() {
    static const Export table[] = {
        {"CompareFileTime", address_of(CompareFileTime)},
        {"DosDateTimeToFileTime", address_of(DosDateTimeToFileTime)},
        {"FileTimeToDosDateTime", address_of(FileTimeToDosDateTime)},
        {"FileTimeToLocalFileTime", address_of(FileTimeToLocalFileTime)},
        {"FileTimeToSystemTime", address_of(FileTimeToSystemTime)},
        {"GetLocalTime", address_of(GetLocalTime)},
        {"GetSystemTime", address_of(GetSystemTime)},
        {"GetSystemTimeAsFileTime", address_of(GetSystemTimeAsFileTime)},
        {"GetSystemTimePreciseAsFileTime", address_of(GetSystemTimeAsFileTime)},
        {"GetTickCount", address_of(GetTickCount)},
        {"GetTickCount64", address_of(GetTickCount64)},
        {"GetTimeZoneInformation", address_of(GetTimeZoneInformation), Coverage::partial,
         "the present offset, with no names and no daylight rule"},
        {"LocalFileTimeToFileTime", address_of(LocalFileTimeToFileTime)},
        {"QueryPerformanceCounter", address_of(QueryPerformanceCounter)},
        {"QueryPerformanceFrequency", address_of(QueryPerformanceFrequency)},
        {"SystemTimeToFileTime", address_of(SystemTimeToFileTime)},
    };
    return table;
}

}  // namespace instdrv::winapi
