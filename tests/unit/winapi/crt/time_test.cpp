#include <cstdlib>
#include <ctime>
#include <string>

#include <gtest/gtest.h>

#include "dlls/dll_call.hpp"

namespace instdrv::winapi::test {
namespace {

constexpr CalledDll ucrt{"ucrtbase.dll"};

struct Date {
    int sec, min, hour, mday, mon, year, wday, yday, isdst;
};

TEST(Dates, GoBothWays) {
    const LONGLONG moment = 1'700'000'000;
    Date* const utc = ucrt.call<Date*>("_gmtime64", &moment);
    ASSERT_NE(utc, nullptr);
    EXPECT_EQ(utc->year, 123);
    EXPECT_EQ(utc->mon, 10);
    EXPECT_EQ(utc->mday, 14);
    EXPECT_EQ(utc->hour, 22);
    EXPECT_EQ(ucrt.call<LONGLONG>("_mkgmtime64", utc), moment);
    Date local{};
    EXPECT_EQ(ucrt.call<int>("_localtime64_s", &local, &moment), 0);
    EXPECT_EQ(ucrt.call<LONGLONG>("_mktime64", &local), moment);
}

TEST(Dates, EndWhereMicrosoftsDo) {
    const LONGLONG before = -1;
    const LONGLONG after = LONGLONG{1} << 40;
    EXPECT_EQ(ucrt.call<Date*>("_gmtime64", &before), nullptr);
    EXPECT_EQ(ucrt.call<Date*>("_gmtime64", &after), nullptr);
    Date date{};
    EXPECT_NE(ucrt.call<int>("_gmtime64_s", &date, &after), 0);
    EXPECT_EQ(date.mday, -1);
}

TEST(Dates, AreWritten) {
    const LONGLONG moment = 1'000'000'000;
    Date* const date = ucrt.call<Date*>("_gmtime64", &moment);
    EXPECT_STREQ(ucrt.call<const char*>("asctime", date), "Sun Sep 09 01:46:40 2001\n");
    char text[32];
    EXPECT_EQ(ucrt.call<SIZE_T>("strftime", +text, SIZE_T{32}, "%#d.%#m.%Y %H:%M", date), 14u);
    EXPECT_STREQ(text, "9.9.2001 01:46");
    EXPECT_EQ(ucrt.call<SIZE_T>("strftime", +text, SIZE_T{5}, "%Y-%m", date), 0u);
    EXPECT_EQ(ucrt.call<SIZE_T>("strftime", +text, SIZE_T{5}, "", date), 0u);
}

TEST(Clock, CountsMilliseconds) {
    const LONG first = ucrt.call<LONG>("clock");
    EXPECT_GE(ucrt.call<LONG>("clock"), first);
    LONGLONG now = 0;
    ucrt.call<LONGLONG>("_time64", &now);
    EXPECT_NEAR(static_cast<double>(now), static_cast<double>(std::time(nullptr)), 2);
}

}  // namespace
}  // namespace instdrv::winapi::test
