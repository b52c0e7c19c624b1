// Times and dates. https://learn.microsoft.com/cpp/c-runtime-library/time-management
//
// Microsoft's struct tm has the nine members that C names and no others.
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>
#include <ctime>
#include <string>

#include "winapi/crt/startup.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

using Native = std::conditional_t<sizeof(void*) == 8, LONGLONG, LONG>;  // time_t of msvcrt

struct Date {
    int sec, min, hour, mday, mon, year, wday, yday, isdst;
};

// The last second of the year 3000, where Microsoft's functions end.
constexpr LONGLONG last_time = 32535215999;

Date from_host(const std::tm& date) {
    return {date.tm_sec,  date.tm_min,  date.tm_hour, date.tm_mday, date.tm_mon,
            date.tm_year, date.tm_wday, date.tm_yday, date.tm_isdst};
}

std::tm to_host(const Date& date) {
    std::tm result{};
    result.tm_sec = date.sec;
    result.tm_min = date.min;
    result.tm_hour = date.hour;
    result.tm_mday = date.mday;
    result.tm_mon = date.mon;
    result.tm_year = date.year;
    result.tm_wday = date.wday;
    result.tm_yday = date.yday;
    result.tm_isdst = date.isdst;
    return result;
}

LONGLONG now() { return static_cast<LONGLONG>(std::time(nullptr)); }

// The date of a time; false: out of range.
bool date_of(LONGLONG time, bool local, Date& date) {
    if (time < 0 || time > last_time) return false;
    const auto host_time = static_cast<std::time_t>(time);
    std::tm host{};
    if ((local ? ::localtime_r(&host_time, &host) : ::gmtime_r(&host_time, &host)) == nullptr) {
        return false;
    }
    date = from_host(host);
    return true;
}

template <class Time>
Time current_time(Time* time) {
    const auto value = static_cast<Time>(now());
    if (time != nullptr) *time = value;
    return value;
}
CRT_EXPORT_AS("_time32", in_crt, current_time<LONG>);
CRT_EXPORT_AS("_time64", in_crt, current_time<LONGLONG>);
CRT_EXPORT_AS("time", in_crt, current_time<Native>);

template <class Time, bool local>
Date* to_date(const Time* time) {
    static thread_local Date date;
    if (time == nullptr || !date_of(*time, local, date)) return fail_with<Date*>(EINVAL, nullptr);
    return &date;
}
CRT_EXPORT_AS("_gmtime32", in_crt, (to_date<LONG, false>));
CRT_EXPORT_AS("_gmtime64", in_crt, (to_date<LONGLONG, false>));
CRT_EXPORT_AS("_localtime32", in_crt, (to_date<LONG, true>));
CRT_EXPORT_AS("_localtime64", in_crt, (to_date<LONGLONG, true>));
CRT_EXPORT_AS("gmtime", in_crt, (to_date<Native, false>));
CRT_EXPORT_AS("localtime", in_crt, (to_date<Native, true>));

template <class Time, bool local>
int to_date_checked(Date* date, const Time* time) {
    if (date == nullptr || time == nullptr) return fail_with(EINVAL, EINVAL);
    if (date_of(*time, local, *date)) return 0;
    std::memset(date, 0xFF, sizeof *date);  // -1 everywhere, as documented
    return fail_with(EINVAL, EINVAL);
}
CRT_EXPORT_AS("_gmtime32_s", in_crt, (to_date_checked<LONG, false>));
CRT_EXPORT_AS("_gmtime64_s", in_crt, (to_date_checked<LONGLONG, false>));
CRT_EXPORT_AS("_localtime32_s", in_crt, (to_date_checked<LONG, true>));
CRT_EXPORT_AS("_localtime64_s", in_crt, (to_date_checked<LONGLONG, true>));

template <class Time, bool local>
Time to_time(Date* date) {
    if (date == nullptr) return fail_with(EINVAL, Time{-1});
    std::tm host = to_host(*date);
    const LONGLONG time = local ? std::mktime(&host) : ::timegm(&host);
    if (time < 0 || time > last_time) return fail_with(EINVAL, Time{-1});
    *date = from_host(host);
    return static_cast<Time>(time);
}
CRT_EXPORT_AS("_mkgmtime32", in_crt, (to_time<LONG, false>));
CRT_EXPORT_AS("_mkgmtime64", in_crt, (to_time<LONGLONG, false>));
CRT_EXPORT_AS("_mktime32", in_crt, (to_time<LONG, true>));
CRT_EXPORT_AS("_mktime64", in_crt, (to_time<LONGLONG, true>));
CRT_EXPORT_AS("mktime", in_crt, (to_time<Native, true>));

template <class Time>
double difference(Time later, Time earlier) {
    return static_cast<double>(later) - static_cast<double>(earlier);
}
CRT_EXPORT_AS("_difftime32", in_crt, difference<LONG>);
CRT_EXPORT_AS("_difftime64", in_crt, difference<LONGLONG>);
CRT_EXPORT_AS("difftime", in_crt, difference<Native>);

// "Sun Nov 02 23:03:12 2026\n"
std::string date_text(const Date& date) {
    std::array<char, 64> text{};
    const std::tm host = to_host(date);
    const auto size = std::strftime(text.data(), text.size(), "%a %b %d %H:%M:%S %Y\n", &host);
    return {text.data(), size};
}

const char* as_text(const Date* date) {
    static thread_local std::string text;
    if (date == nullptr) return fail_with<const char*>(EINVAL, nullptr);
    text = date_text(*date);
    return text.c_str();
}
CRT_EXPORT_AS("asctime", in_crt, as_text);

template <class Time>
const char* time_as_text(const Time* time) {
    return as_text(to_date<Time, true>(time));
}
CRT_EXPORT_AS("_ctime32", in_crt, time_as_text<LONG>);
CRT_EXPORT_AS("_ctime64", in_crt, time_as_text<LONGLONG>);
CRT_EXPORT_AS("ctime", in_crt, time_as_text<Native>);

int asctime_s(char* to, SIZE_T room, const Date* date) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    to[0] = 0;
    const std::string text = date == nullptr ? "" : date_text(*date);
    if (text.empty() || text.size() >= room) return fail_with(EINVAL, EINVAL);
    *std::copy(text.begin(), text.end(), to) = 0;
    return 0;
}
CRT_EXPORT(asctime_s, in_crt);

template <class Time>
int time_as_text_checked(char* to, SIZE_T room, const Time* time) {
    return asctime_s(to, room, to_date<Time, true>(time));
}
CRT_EXPORT_AS("_ctime32_s", in_crt, time_as_text_checked<LONG>);
CRT_EXPORT_AS("_ctime64_s", in_crt, time_as_text_checked<LONGLONG>);

template <class Time>
LPCWSTR time_as_wide_text(const Time* time) {
    static thread_local std::u16string text;
    const char* const narrow = time_as_text(time);
    if (narrow == nullptr) return nullptr;
    text.assign(narrow, narrow + std::strlen(narrow));
    return text.c_str();
}
CRT_EXPORT_AS("_wctime32", in_crt, time_as_wide_text<LONG>);
CRT_EXPORT_AS("_wctime64", in_crt, time_as_wide_text<LONGLONG>);

template <class Char>
Char* put_text(Char* to, const std::string& text) {
    *std::copy(text.begin(), text.end(), to) = 0;
    return to;
}

// "11/22/26" and "23:03:12", into nine characters.
template <class Char>
Char* date_today(Char* to) {
    Date date{};
    date_of(now(), true, date);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%02d/%02d/%02d", date.mon + 1, date.mday,
                  date.year % 100);
    return put_text(to, text.data());
}
CRT_EXPORT_AS("_strdate", in_crt, date_today<char>);
CRT_EXPORT_AS("_wstrdate", in_crt, date_today<WCHAR>);

template <class Char>
Char* time_of_day(Char* to) {
    Date date{};
    date_of(now(), true, date);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%02d:%02d:%02d", date.hour, date.min, date.sec);
    return put_text(to, text.data());
}
CRT_EXPORT_AS("_strtime", in_crt, time_of_day<char>);
CRT_EXPORT_AS("_wstrtime", in_crt, time_of_day<WCHAR>);

// '#' in a conversion leaves out leading zeros, where the host writes '-'.
std::string host_format(std::string format) {
    for (std::size_t at = format.find('%'); at != std::string::npos;
         at = format.find('%', at + 2)) {
        if (at + 1 < format.size() && format[at + 1] == '#') format[at + 1] = '-';
    }
    return format;
}

template <class Char>
SIZE_T format_date(Char* to, SIZE_T room, const Char* format, const Date* date) {
    if (to == nullptr || room == 0 || format == nullptr || date == nullptr) {
        return fail_with(EINVAL, SIZE_T{0});
    }
    const Char* const end = format + std::char_traits<Char>::length(format);
    const std::tm host = to_host(*date);
    // A blank in front tells an empty result from one that does not fit.
    const std::string padded = " " + host_format(std::string(format, end));
    std::string text(std::max<std::size_t>(256, padded.size() * 64), '\0');
    text.resize(std::strftime(text.data(), text.size(), padded.c_str(), &host));
    if (text.empty() || text.size() > room) {
        to[0] = 0;
        return fail_with(ERANGE, SIZE_T{0});
    }
    put_text(to, text.substr(1));
    return text.size() - 1;
}
CRT_EXPORT_AS("strftime", in_crt | with_locale, format_date<char>, Coverage::partial,
              "names in the host's \"C\" locale, ASCII formats");
CRT_EXPORT_AS("wcsftime", in_crt | with_locale, format_date<WCHAR>, Coverage::partial,
              "names in the host's \"C\" locale, ASCII formats");

// Windows' clock() counts wall time since the process began, in milliseconds.
LONG milliseconds_since_start() {
    static const auto start = std::chrono::steady_clock::now();
    const auto elapsed = std::chrono::steady_clock::now() - start;
    return static_cast<LONG>(
        std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count());
}
CRT_EXPORT_AS("clock", in_crt, milliseconds_since_start);

struct TimeZone {
    LONG seconds_west = 0;
    LONG daylight_shift = -3600;
    int has_daylight = 0;
    char names[2][64] = {"UTC", "UTC"};
    char* name_pointers[2] = {names[0], names[1]};
};
TimeZone zone;

void _tzset() {
    ::tzset();
    zone.seconds_west = static_cast<LONG>(::timezone);
    zone.has_daylight = ::daylight;
    for (int i = 0; i < 2; ++i)
        std::snprintf(zone.names[i], sizeof zone.names[i], "%s", ::tzname[i]);
}
CRT_EXPORT(_tzset, in_crt);

template <auto TimeZone::*member>
auto* pointer_to_field() {
    return &(zone.*member);
}
CRT_EXPORT_AS("__daylight", in_crt, pointer_to_field<&TimeZone::has_daylight>);
CRT_EXPORT_AS("__p__daylight", in_crt, pointer_to_field<&TimeZone::has_daylight>);
CRT_EXPORT_AS("__p__timezone", in_crt, pointer_to_field<&TimeZone::seconds_west>);
CRT_EXPORT_AS("__p__tzname", in_crt, pointer_to_field<&TimeZone::name_pointers>);
CRT_EXPORT_AS("__timezone", in_crt, pointer_to_field<&TimeZone::seconds_west>);
CRT_EXPORT_AS("__tzname", in_crt, pointer_to_field<&TimeZone::name_pointers>);

template <auto TimeZone::*member, class Value>
int give(Value* value) {
    if (value == nullptr) return fail_with(EINVAL, EINVAL);
    *value = zone.*member;
    return 0;
}
CRT_EXPORT_AS("_get_daylight", in_crt, (give<&TimeZone::has_daylight, int>));
CRT_EXPORT_AS("_get_timezone", in_crt, (give<&TimeZone::seconds_west, LONG>));

template <class Time>
struct Timestamp {
    Time time;
    unsigned short milliseconds;
    short minutes_west;
    short daylight;
};

template <class Time>
int timestamp(Timestamp<Time>* stamp) {
    if (stamp == nullptr) return fail_with(EINVAL, EINVAL);
    std::timespec spec{};
    std::timespec_get(&spec, TIME_UTC);
    _tzset();
    stamp->time = static_cast<Time>(spec.tv_sec);
    stamp->milliseconds = static_cast<unsigned short>(spec.tv_nsec / 1'000'000);
    stamp->minutes_west = static_cast<short>(zone.seconds_west / 60);
    stamp->daylight = static_cast<short>(zone.has_daylight);
    return 0;
}
CRT_EXPORT_AS("_ftime", in_crt, timestamp<Native>);
CRT_EXPORT_AS("_ftime32", in_crt, timestamp<LONG>);
CRT_EXPORT_AS("_ftime32_s", in_crt, timestamp<LONG>);
CRT_EXPORT_AS("_ftime64", in_crt, timestamp<LONGLONG>);
CRT_EXPORT_AS("_ftime64_s", in_crt, timestamp<LONGLONG>);

}  // namespace

EXPORT_ADDRESS("_daylight", in_crt, &zone.has_daylight);
EXPORT_ADDRESS("_dstbias", in_crt, &zone.daylight_shift);
EXPORT_ADDRESS("_timezone", in_crt, &zone.seconds_west);
EXPORT_ADDRESS("_tzname", in_crt, &zone.name_pointers);

void prepare_time_variables() { _tzset(); }

}  // namespace instdrv::winapi::crt
