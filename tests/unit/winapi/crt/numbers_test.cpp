#include <cerrno>
#include <climits>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "dlls/dll_call.hpp"

namespace instdrv::winapi::test {
namespace {

constexpr CalledDll ucrt{"ucrtbase.dll"};

int error() { return *ucrt.call<int*>("_errno"); }

TEST(Numbers, OfALongHave32Bits) {
    const char* end = nullptr;
    EXPECT_EQ(ucrt.call<LONG>("strtol", "2147483648", &end, 10), INT32_MAX);
    EXPECT_EQ(error(), ERANGE);
    EXPECT_EQ(ucrt.call<LONG>("strtol", "-2147483649", &end, 10), INT32_MIN);
    EXPECT_EQ(ucrt.call<LONG>("strtol", "-2147483648x", &end, 10), INT32_MIN);
    EXPECT_STREQ(end, "x");
    EXPECT_EQ(ucrt.call<DWORD>("strtoul", "4294967296", &end, 10), UINT32_MAX);
    EXPECT_EQ(ucrt.call<DWORD>("strtoul", "-1", &end, 10), UINT32_MAX);
    EXPECT_EQ(ucrt.call<LONGLONG>("_strtoi64", "9223372036854775808", &end, 10), INT64_MAX);
}

TEST(Numbers, EndWhereTheirDigitsDo) {
    const char* end = nullptr;
    EXPECT_EQ(ucrt.call<LONG>("strtol", "  0x1Fg", &end, 0), 31);
    EXPECT_STREQ(end, "g");
    EXPECT_EQ(ucrt.call<LONG>("strtol", "0x", &end, 16), 0);
    EXPECT_STREQ(end, "x");
    const char* const none = "  none";
    EXPECT_EQ(ucrt.call<LONG>("strtol", none, &end, 10), 0);
    EXPECT_EQ(end, none);
    EXPECT_EQ(ucrt.call<LONG>("strtol", "z", &end, 36), 35);
    EXPECT_EQ(ucrt.call<LONG>("strtol", "1", &end, 1), 0);
    EXPECT_EQ(error(), EINVAL);
}

TEST(Numbers, HaveFractionsAndExponents) {
    const char* end = nullptr;
    EXPECT_EQ(ucrt.call<double>("strtod", "1.5e+2z", &end), 150);
    EXPECT_STREQ(end, "z");
    EXPECT_EQ(ucrt.call<double>("strtod", "1e", &end), 1);
    EXPECT_STREQ(end, "e");
    EXPECT_EQ(ucrt.call<double>("strtod", "0x1.8p1", &end), 3);
    EXPECT_EQ(ucrt.call<double>("strtod", "-inf", &end), -HUGE_VAL);
    EXPECT_TRUE(std::isnan(ucrt.call<double>("strtod", "nan", &end)));
    EXPECT_EQ(ucrt.call<double>("strtod", "1e999", &end), HUGE_VAL);
    EXPECT_EQ(error(), ERANGE);
    EXPECT_EQ(ucrt.call<double>("strtod", "1e-999", &end), 0);
    EXPECT_EQ(ucrt.call<double>("strtod", ".", &end), 0);
    EXPECT_STREQ(end, ".");
}

TEST(Numbers, AreWrittenInEveryBase) {
    char text[40];
    EXPECT_STREQ(ucrt.call<char*>("_itoa", LONG{-1}, +text, 2), std::string(32, '1').c_str());
    EXPECT_STREQ(ucrt.call<char*>("_i64toa", LONGLONG{INT64_MIN}, +text, 10),
                 "-9223372036854775808");
    EXPECT_EQ(ucrt.call<int>("_itoa_s", LONG{1234}, +text, SIZE_T{4}, 10), ERANGE);
    EXPECT_STREQ(text, "");
    EXPECT_EQ(ucrt.call<int>("_itoa_s", LONG{1234}, +text, SIZE_T{5}, 10), 0);
    EXPECT_STREQ(text, "1234");
    EXPECT_EQ(ucrt.call<int>("_itoa_s", LONG{1}, +text, SIZE_T{5}, 37), EINVAL);
}

TEST(Mathematics, IsPassedOn) {
    EXPECT_EQ(ucrt.call<double>("pow", 2.0, 10.0), 1024);
    EXPECT_EQ(ucrt.call<float>("sqrtf", 2.25F), 1.5F);
    int exponent = 0;
    EXPECT_EQ(ucrt.call<double>("frexp", 12.0, &exponent), 0.75);
    EXPECT_EQ(exponent, 4);
    EXPECT_EQ(ucrt.call<LONG>("lround", -2.5), -3);
    EXPECT_EQ(ucrt.call<int>("_fpclass", -HUGE_VAL), 4);
    EXPECT_EQ(ucrt.call<short>("_dclass", 0.0), 0);
}

TEST(Arithmetic, HasMicrosoftsRandomSequence) {
    ucrt.call<void>("srand", 1u);
    EXPECT_EQ(ucrt.call<int>("rand"), 41);
    EXPECT_EQ(ucrt.call<int>("rand"), 18467);
    EXPECT_EQ(ucrt.call<int>("rand"), 6334);
    EXPECT_EQ(ucrt.call<LONG>("abs", LONG{INT32_MIN}), INT32_MIN);
}

TEST(FloatingControl, ChangesRoundingAndMasks) {
    const unsigned before = ucrt.call<unsigned>("_controlfp", 0u, 0u);
    constexpr unsigned rounding_mask = 0x300;
    constexpr unsigned round_up = 0x200;
    ucrt.call<unsigned>("_controlfp", round_up, rounding_mask);
    volatile double third = 1.0;
    third = third / 3.0;
    EXPECT_EQ(ucrt.call<unsigned>("_controlfp", 0u, 0u) & rounding_mask, round_up);
    ucrt.call<unsigned>("_controlfp", before, rounding_mask);
    volatile double nearest = 1.0;
    nearest = nearest / 3.0;
    EXPECT_GT(third, nearest);
    EXPECT_EQ(ucrt.call<unsigned>("_clearfp") & 1u, 1u) << "1/3 is inexact";
    EXPECT_EQ(ucrt.call<unsigned>("_statusfp"), 0u);
}

}  // namespace
}  // namespace instdrv::winapi::test
