#include "cli/checks.hpp"

#include <gmock/gmock.h>

namespace instdrv::cli {
namespace {

using testing::Eq;
using testing::Optional;

TEST(ParseInteger, TakesBothBasesAndSigns) {
    EXPECT_THAT(parse_integer("0"), Optional(Eq(0)));
    EXPECT_THAT(parse_integer("-1"), Optional(Eq(-1)));
    EXPECT_THAT(parse_integer("+7"), Optional(Eq(7)));
    EXPECT_THAT(parse_integer("0x1F"), Optional(Eq(31)));
    EXPECT_THAT(parse_integer("-0x10"), Optional(Eq(-16)));
    EXPECT_THAT(parse_integer("0xFFFFFFFFFFFFFFFF"), Optional(Eq(-1)));
    EXPECT_THAT(parse_integer("-9223372036854775808"), Optional(Eq(INT64_MIN)));
}

TEST(ParseInteger, RefusesEverythingElse) {
    for (const char* text : {"", "-", "0x", "12a", "1.5", " 1", "--1", "0x1FFFFFFFFFFFFFFFF",
                             "-9223372036854775809", "18446744073709551616"}) {
        EXPECT_EQ(parse_integer(text), std::nullopt) << text;
    }
}

TEST(CheckTime, TakesAMillisecondToADay) {
    for (const char* time : {"1ms", "2s", "5", "0.5", "1.5m", "1440m"})
        EXPECT_EQ(check_time(time), "") << time;
    for (const char* time : {"0", "0s", "0.1ms", "-1s", "1441m", "2h", "soon", "1e3"})
        EXPECT_THAT(check_time(time), testing::HasSubstr(time));
}

TEST(CheckCount, KnowsWhatItsNumberHolds) {
    using Word = std::uint16_t;
    for (const char* count : {"1", "44100", "65535", "0xFFFF"})
        EXPECT_EQ(check_count<Word>(count), "") << count;
    for (const char* count : {"0", "-1", "65536", "18446744073709551615", "1.5", "abc"})
        EXPECT_THAT(check_count<Word>(count), testing::HasSubstr("from 1 to 65535")) << count;
    EXPECT_EQ(check_count<std::uint64_t>("18446744073709551615"), "");
    EXPECT_NE(check_count<std::uint64_t>("-1"), "");
}

}  // namespace
}  // namespace instdrv::cli
