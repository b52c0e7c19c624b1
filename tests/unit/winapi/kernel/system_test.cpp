#include <algorithm>
#include <string>

#include "winapi/files/file_time.hpp"

#include "windows_call.hpp"

namespace instdrv::winapi::test {
namespace {

// Moments whose FILETIME the documentation and Unix time fix.
TEST(FileTimes, AgreeWithKnownMoments) {
    constexpr std::uint64_t unix_epoch = 116444736000000000;
    EXPECT_EQ(ticks_of(SystemTime{.year = 1970, .month = 1, .day = 1}), unix_epoch);
    EXPECT_EQ(ticks_of(timespec{.tv_sec = 0, .tv_nsec = 0}), unix_epoch);
    EXPECT_EQ(ticks_of(SystemTime{.year = 1601, .month = 1, .day = 1}), 0u);
    const auto leap_day = system_time_of(unix_epoch + 951782400ULL * ticks_per_second);
    EXPECT_EQ(leap_day->year, 2000);
    EXPECT_EQ(leap_day->month, 2);
    EXPECT_EQ(leap_day->day, 29);
    EXPECT_EQ(leap_day->day_of_week, 2) << "a Tuesday";
    EXPECT_EQ(unix_time_of(unix_epoch + 15).tv_nsec, 1500);
}

TEST(FileTimes, RefuseDatesThatDoNotExist) {
    EXPECT_FALSE(ticks_of(SystemTime{.year = 2023, .month = 2, .day = 29}));
    EXPECT_FALSE(ticks_of(SystemTime{.year = 1600, .month = 1, .day = 1}));
    EXPECT_FALSE(ticks_of(SystemTime{.year = 2000, .month = 13, .day = 1}));
    EXPECT_FALSE(ticks_of(SystemTime{.year = 2000, .month = 1, .day = 1, .hour = 24}));
    EXPECT_FALSE(system_time_of(1ULL << 63));
    FileTime time{};
    const SystemTime bad{.year = 2023, .month = 0, .day = 1};
    EXPECT_EQ(call<BOOL>("SystemTimeToFileTime", &bad, &time), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
}

TEST(FileTimes, GoToDosAndBack) {
    const SystemTime moment{
        .year = 1999, .month = 12, .day = 31, .hour = 23, .minute = 59, .second = 58};
    FileTime time = file_time_of(*ticks_of(moment));
    WORD date = 0;
    WORD clock = 0;
    EXPECT_EQ(call<BOOL>("FileTimeToDosDateTime", &time, &date, &clock), TRUE);
    FileTime back{};
    EXPECT_EQ(call<BOOL>("DosDateTimeToFileTime", date, clock, &back), TRUE);
    EXPECT_EQ(ticks_of(back), ticks_of(time));
}

TEST(Clocks, GoForwardInTheirUnits) {
    LONGLONG frequency = 0;
    LONGLONG begin = 0;
    LONGLONG end = 0;
    call<BOOL>("QueryPerformanceFrequency", &frequency);
    const auto tick = call<ULONGLONG>("GetTickCount64");
    call<BOOL>("QueryPerformanceCounter", &begin);
    call<void>("Sleep", DWORD{20});
    call<BOOL>("QueryPerformanceCounter", &end);
    EXPECT_GE(end - begin, frequency / 50);
    EXPECT_GE(call<ULONGLONG>("GetTickCount64") - tick, 19u);
}

TEST(SystemInformation, IsThatOfWindows10) {
    EXPECT_EQ(call<DWORD>("GetVersion") & 0xFF, 10u);
    BYTE info[284] = {};
    info[0] = 284 & 0xFF;
    info[1] = 284 >> 8;
    EXPECT_EQ(call<BOOL>("GetVersionExW", &info[0]), TRUE);
    EXPECT_EQ(info[4], 10);
    info[0] = 7;
    EXPECT_EQ(call<BOOL>("GetVersionExW", &info[0]), FALSE);
    EXPECT_EQ(call<BOOL>("IsProcessorFeaturePresent", DWORD{10}), TRUE) << "SSE2";
    EXPECT_EQ(call<BOOL>("IsProcessorFeaturePresent", DWORD{9999}), FALSE);
}

struct VersionQuestion {
    DWORD size = 284;
    DWORD major = 0;
    DWORD minor = 0;
    DWORD build = 0;
    DWORD platform = 2;
    WCHAR service_pack[128] = {};
    WORD pack_major = 0;
    WORD pack_minor = 0;
    WORD suite = 0;
    BYTE product = 1;
    BYTE reserved = 0;
};
constexpr DWORD minor_version = 1, major_version = 2, build_number = 4, product_type = 0x80;
constexpr BYTE equal = 1, greater = 2, at_least = 3, less = 4;

BOOL verify(const VersionQuestion& question, DWORD kinds, BYTE condition) {
    const auto mask = call<ULONGLONG>("VerSetConditionMask", ULONGLONG{0}, kinds, condition);
    return call<BOOL>("VerifyVersionInfoW", &question, kinds, mask);
}

TEST(SystemInformation, IsComparedAsOneVersion) {
    const DWORD both = major_version | minor_version;
    EXPECT_EQ(verify({.major = 6, .minor = 1}, both, at_least), TRUE) << "10.0 is above 6.1";
    EXPECT_EQ(verify({.major = 10, .minor = 0}, both, at_least), TRUE);
    EXPECT_EQ(verify({.major = 10, .minor = 1}, both, at_least), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_OLD_WIN_VERSION);
    EXPECT_EQ(verify({.major = 10, .minor = 0}, both, greater), FALSE);
    EXPECT_EQ(verify({.major = 10}, major_version, equal), TRUE);
    EXPECT_EQ(verify({.major = 11}, major_version, less), TRUE);
    EXPECT_EQ(verify({.build = 10240}, build_number, at_least), TRUE);
    EXPECT_EQ(verify({.product = 3}, product_type, equal), FALSE) << "no server";
}

TEST(Environment, IsOurOwnAndNotTheHosts) {
    WCHAR buffer[64] = {};
    const auto get = [&](const WCHAR* name, DWORD size) {
        return call<DWORD>("GetEnvironmentVariableW", name, +buffer, size);
    };
    EXPECT_EQ(get(u"WINDIR", 64), 10u);
    EXPECT_EQ(std::u16string(buffer), u"C:\\windows");
    EXPECT_EQ(get(u"windir", 10), 11u) << "the size it needs";
    EXPECT_EQ(get(u"HOME", 64), 0u);
    EXPECT_EQ(last_error_code(), ERROR_ENVVAR_NOT_FOUND);
    EXPECT_EQ(call<BOOL>("SetEnvironmentVariableW", u"Driver", u"x y"), TRUE);
    EXPECT_EQ(call<DWORD>("ExpandEnvironmentStringsW", u"<%DRIVER%> %none% 5%", +buffer, DWORD{64}),
              16u);
    EXPECT_EQ(std::u16string(buffer), u"<x y> %none% 5%");
    EXPECT_EQ(call<BOOL>("SetEnvironmentVariableW", u"Driver", static_cast<WCHAR*>(nullptr)), TRUE);
    EXPECT_EQ(get(u"Driver", 64), 0u);
    EXPECT_EQ(call<BOOL>("SetEnvironmentVariableW", u"a=b", u"c"), FALSE);

    auto* const block = call<WCHAR*>("GetEnvironmentStringsW");
    std::u16string_view rest(block);
    int variables = 0;
    for (const WCHAR* at = block; *at != 0; at += std::u16string_view(at).size() + 1)
        ++variables;
    EXPECT_GE(variables, 8);
    EXPECT_TRUE(rest.starts_with(u"COMSPEC="));
    call<BOOL>("FreeEnvironmentStringsW", block);
}

TEST(CountedStrings, KnowTheirLengthInBytes) {
    struct Counted {
        WORD length;
        WORD capacity;
        WCHAR* text;
    } counted{};
    call_ntdll<void>("RtlInitUnicodeString", &counted, u"abc");
    EXPECT_EQ(counted.length, 6);
    EXPECT_EQ(counted.capacity, 8);
    call_ntdll<void>("RtlInitUnicodeString", &counted, static_cast<const WCHAR*>(nullptr));
    EXPECT_EQ(counted.capacity, 0);
    struct Ansi {
        WORD length;
        WORD capacity;
        const char* text;
    } ansi{4, 5, "na\xEFve"};
    EXPECT_EQ(call_ntdll<LONG>("RtlAnsiStringToUnicodeString", &counted, &ansi, BYTE{1}), 0);
    EXPECT_EQ(std::u16string(counted.text), u"na\u00EFv");
    call_ntdll<void>("RtlFreeUnicodeString", &counted);
    EXPECT_EQ(call_ntdll<DWORD>("RtlNtStatusToDosError", static_cast<LONG>(0xC0000022)),
              ERROR_ACCESS_DENIED);
}

WCHAR combined[260];

std::u16string combine(const WCHAR* folder, const WCHAR* file) {
    using Function = WCHAR*(WINCALL*)(WCHAR*, const WCHAR*, const WCHAR*);
    const auto function = as_function<Function>(address_in("kernelbase.dll", "PathCombineW"));
    return function(combined, folder, file) == nullptr ? u"(null)" : combined;
}

// As observed with Debian's Wine.
TEST(PathNames, AreCombined) {
    EXPECT_EQ(combine(u"C:", u""), u"C:\\");
    EXPECT_EQ(combine(u"C:", u"One\\Two\\Three"), u"C:\\One\\Two\\Three");
    EXPECT_EQ(combine(u"C:\\a", u"..\\b"), u"C:\\b");
    EXPECT_EQ(combine(u"C:\\a\\", u"b"), u"C:\\a\\b");
    EXPECT_EQ(combine(u"C:\\a", u"\\b"), u"C:\\b");
    EXPECT_EQ(combine(u"C:\\a", u"D:\\b"), u"D:\\b");
    EXPECT_EQ(combine(u"C:\\a", nullptr), u"C:\\a");
    EXPECT_EQ(combine(nullptr, u"b"), u"b");
    EXPECT_EQ(combine(nullptr, nullptr), u"(null)");
    EXPECT_EQ(combine(std::u16string(255, u'x').c_str(), u"12345"), u"(null)");
}

}  // namespace
}  // namespace instdrv::winapi::test
