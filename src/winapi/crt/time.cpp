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

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

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
Time WINFN_C current_time(Time* time) {
    const auto value = static_cast<Time>(now());
    if (time != nullptr) *time = value;
    return value;
}

template <class Time, bool local>
Date* WINFN_C to_date(const Time* time) {
    static thread_local Date date;
    if (time == nullptr || !date_of(*time, local, date)) return fail_with<Date*>(EINVAL, nullptr);
    return &date;
}

template <class Time, bool local>
int WINFN_C to_date_checked(Date* date, const Time* time) {
    if (date == nullptr || time == nullptr) return fail_with(EINVAL, EINVAL);
    if (date_of(*time, local, *date)) return 0;
    std::memset(date, 0xFF, sizeof *date);  // -1 everywhere, as documented
    return fail_with(EINVAL, EINVAL);
}

template <class Time, bool local>
Time WINFN_C to_time(Date* date) {
    if (date == nullptr) return fail_with(EINVAL, Time{-1});
    std::tm host = to_host(*date);
    const LONGLONG time = local ? std::mktime(&host) : ::timegm(&host);
    if (time < 0 || time > last_time) return fail_with(EINVAL, Time{-1});
    *date = from_host(host);
    return static_cast<Time>(time);
}

template <class Time>
double WINFN_C difference(Time later, Time earlier) {
    return static_cast<double>(later) - static_cast<double>(earlier);
}

// "Sun Nov 02 23:03:12 2026\n"
std::string date_text(const Date& date) {
    std::array<char, 64> text{};
    const std::tm host = to_host(date);
    const auto size = std::strftime(text.data(), text.size(), "%a %b %d %H:%M:%S %Y\n", &host);
    return {text.data(), size};
}

const char* WINFN_C as_text(const Date* date) {
    static thread_local std::string text;
    if (date == nullptr) return fail_with<const char*>(EINVAL, nullptr);
    text = date_text(*date);
    return text.c_str();
}

template <class Time>
const char* WINFN_C time_as_text(const Time* time) {
    return as_text(to_date<Time, true>(time));
}

int WINFN_C as_text_checked(char* to, SIZE_T room, const Date* date) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    to[0] = 0;
    const std::string text = date == nullptr ? "" : date_text(*date);
    if (text.empty() || text.size() >= room) return fail_with(EINVAL, EINVAL);
    *std::copy(text.begin(), text.end(), to) = 0;
    return 0;
}

template <class Time>
int WINFN_C time_as_text_checked(char* to, SIZE_T room, const Time* time) {
    return as_text_checked(to, room, to_date<Time, true>(time));
}

template <class Time>
LPCWSTR WINFN_C time_as_wide_text(const Time* time) {
    static thread_local std::u16string text;
    const char* const narrow = time_as_text(time);
    if (narrow == nullptr) return nullptr;
    text.assign(narrow, narrow + std::strlen(narrow));
    return text.c_str();
}

template <class Char>
Char* put_text(Char* to, const std::string& text) {
    *std::copy(text.begin(), text.end(), to) = 0;
    return to;
}

// "11/22/26" and "23:03:12", into nine characters.
template <class Char>
Char* WINFN_C date_today(Char* to) {
    Date date{};
    date_of(now(), true, date);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%02d/%02d/%02d", date.mon + 1, date.mday,
                  date.year % 100);
    return put_text(to, text.data());
}

template <class Char>
Char* WINFN_C time_of_day(Char* to) {
    Date date{};
    date_of(now(), true, date);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%02d:%02d:%02d", date.hour, date.min, date.sec);
    return put_text(to, text.data());
}

// '#' in a conversion leaves out leading zeros, where the host writes '-'.
std::string host_format(std::string format) {
    for (std::size_t at = format.find('%'); at != std::string::npos;
         at = format.find('%', at + 2)) {
        if (at + 1 < format.size() && format[at + 1] == '#') format[at + 1] = '-';
    }
    return format;
}

template <class Char>
SIZE_T WINFN_C format_date(Char* to, SIZE_T room, const Char* format, const Date* date) {
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

// Windows' clock() counts wall time since the process began, in milliseconds.
LONG WINFN_C milliseconds_since_start() {
    static const auto start = std::chrono::steady_clock::now();
    const auto elapsed = std::chrono::steady_clock::now() - start;
    return static_cast<LONG>(
        std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count());
}

struct TimeZone {
    LONG seconds_west = 0;
    LONG daylight_shift = -3600;
    int has_daylight = 0;
    char names[2][64] = {"UTC", "UTC"};
    char* name_pointers[2] = {names[0], names[1]};
};
TimeZone zone;

void WINFN_C read_time_zone() {
    ::tzset();
    zone.seconds_west = static_cast<LONG>(::timezone);
    zone.has_daylight = ::daylight;
    for (int i = 0; i < 2; ++i)
        std::snprintf(zone.names[i], sizeof zone.names[i], "%s", ::tzname[i]);
}

template <auto TimeZone::*member>
auto* WINFN_C pointer_to() {
    return &(zone.*member);
}

template <auto TimeZone::*member, class Value>
int WINFN_C give(Value* value) {
    if (value == nullptr) return fail_with(EINVAL, EINVAL);
    *value = zone.*member;
    return 0;
}

template <class Time>
struct Timestamp {
    Time time;
    unsigned short milliseconds;
    short minutes_west;
    short daylight;
};

template <class Time>
int WINFN_C timestamp(Timestamp<Time>* stamp) {
    if (stamp == nullptr) return fail_with(EINVAL, EINVAL);
    std::timespec spec{};
    std::timespec_get(&spec, TIME_UTC);
    read_time_zone();
    stamp->time = static_cast<Time>(spec.tv_sec);
    stamp->milliseconds = static_cast<unsigned short>(spec.tv_nsec / 1'000'000);
    stamp->minutes_west = static_cast<short>(zone.seconds_west / 60);
    stamp->daylight = static_cast<short>(zone.has_daylight);
    return 0;
}

using Native = std::conditional_t<sizeof(void*) == 8, LONGLONG, LONG>;  // time_t of msvcrt

}  // namespace

std::span<const Export> time_exports() {
    read_time_zone();
    static const Export table[] = {
        {"__daylight", address_of(pointer_to<&TimeZone::has_daylight>)},
        {"__p__daylight", address_of(pointer_to<&TimeZone::has_daylight>)},
        {"__p__timezone", address_of(pointer_to<&TimeZone::seconds_west>)},
        {"__p__tzname", address_of(pointer_to<&TimeZone::name_pointers>)},
        {"__timezone", address_of(pointer_to<&TimeZone::seconds_west>)},
        {"__tzname", address_of(pointer_to<&TimeZone::name_pointers>)},
        {"_ctime32", address_of(time_as_text<LONG>)},
        {"_ctime32_s", address_of(time_as_text_checked<LONG>)},
        {"_ctime64", address_of(time_as_text<LONGLONG>)},
        {"_ctime64_s", address_of(time_as_text_checked<LONGLONG>)},
        {"_daylight", &zone.has_daylight},
        {"_difftime32", address_of(difference<LONG>)},
        {"_difftime64", address_of(difference<LONGLONG>)},
        {"_dstbias", &zone.daylight_shift},
        {"_ftime", address_of(timestamp<Native>)},
        {"_ftime32", address_of(timestamp<LONG>)},
        {"_ftime32_s", address_of(timestamp<LONG>)},
        {"_ftime64", address_of(timestamp<LONGLONG>)},
        {"_ftime64_s", address_of(timestamp<LONGLONG>)},
        {"_get_daylight", address_of(give<&TimeZone::has_daylight, int>)},
        {"_get_timezone", address_of(give<&TimeZone::seconds_west, LONG>)},
        {"_gmtime32", address_of(to_date<LONG, false>)},
        {"_gmtime32_s", address_of(to_date_checked<LONG, false>)},
        {"_gmtime64", address_of(to_date<LONGLONG, false>)},
        {"_gmtime64_s", address_of(to_date_checked<LONGLONG, false>)},
        {"_localtime32", address_of(to_date<LONG, true>)},
        {"_localtime32_s", address_of(to_date_checked<LONG, true>)},
        {"_localtime64", address_of(to_date<LONGLONG, true>)},
        {"_localtime64_s", address_of(to_date_checked<LONGLONG, true>)},
        {"_mkgmtime32", address_of(to_time<LONG, false>)},
        {"_mkgmtime64", address_of(to_time<LONGLONG, false>)},
        {"_mktime32", address_of(to_time<LONG, true>)},
        {"_mktime64", address_of(to_time<LONGLONG, true>)},
        {"_strdate", address_of(date_today<char>)},
        {"_strtime", address_of(time_of_day<char>)},
        {"_time32", address_of(current_time<LONG>)},
        {"_time64", address_of(current_time<LONGLONG>)},
        {"_timezone", &zone.seconds_west},
        {"_tzname", &zone.name_pointers},
        {"_tzset", address_of(read_time_zone)},
        {"_wctime32", address_of(time_as_wide_text<LONG>)},
        {"_wctime64", address_of(time_as_wide_text<LONGLONG>)},
        {"_wstrdate", address_of(date_today<WCHAR>)},
        {"_wstrtime", address_of(time_of_day<WCHAR>)},
        {"asctime", address_of(as_text)},
        {"asctime_s", address_of(as_text_checked)},
        {"clock", address_of(milliseconds_since_start)},
        {"ctime", address_of(time_as_text<Native>)},
        {"difftime", address_of(difference<Native>)},
        {"gmtime", address_of(to_date<Native, false>)},
        {"localtime", address_of(to_date<Native, true>)},
        {"mktime", address_of(to_time<Native, true>)},
        {"strftime", address_of(format_date<char>), Coverage::partial,
         "names in the host's \"C\" locale, ASCII formats"},
        {"time", address_of(current_time<Native>)},
        {"wcsftime", address_of(format_date<WCHAR>), Coverage::partial,
         "names in the host's \"C\" locale, ASCII formats"},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
