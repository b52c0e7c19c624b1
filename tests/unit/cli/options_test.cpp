#include "cli/options.hpp"

#include <gmock/gmock.h>

namespace instdrv::cli {
namespace {

using testing::Eq;
using testing::Optional;
using namespace std::chrono_literals;

TEST(ParseDuration, TakesUnitsAndFractions) {
    EXPECT_THAT(parse_duration("2s"), Optional(Eq(2000ms)));
    EXPECT_THAT(parse_duration("500ms"), Optional(Eq(500ms)));
    EXPECT_THAT(parse_duration("1.5s"), Optional(Eq(1500ms)));
    EXPECT_THAT(parse_duration("2m"), Optional(Eq(120'000ms)));
    EXPECT_THAT(parse_duration("3"), Optional(Eq(3000ms)));
    EXPECT_THAT(parse_duration("0"), Optional(Eq(0ms)));
}

TEST(ParseDuration, RefusesEverythingElse) {
    for (const char* text : {"", "s", "ms", "two", "-1s", "1h2", "1 s", "nan", "inf", "1e3s",
                             "99999999999999999999s", "25000m", "0x10s"}) {
        EXPECT_EQ(parse_duration(text), std::nullopt) << text;
    }
}

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

}  // namespace
}  // namespace instdrv::cli
