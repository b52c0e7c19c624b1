#include "base/quantity.hpp"

#include <gmock/gmock.h>

namespace instdrv {
namespace {

using testing::Eq;
using testing::Optional;
using namespace std::chrono_literals;

TEST(ParseByteSize, TakesNumbersAndUnits) {
    EXPECT_THAT(parse_byte_size("0"), Optional(Eq(0u)));
    EXPECT_THAT(parse_byte_size("4096"), Optional(Eq(4096u)));
    EXPECT_THAT(parse_byte_size("64k"), Optional(Eq(65536u)));
    EXPECT_THAT(parse_byte_size("3M"), Optional(Eq(3u << 20)));
    EXPECT_THAT(parse_byte_size("17179869183G"), Optional(Eq(17179869183ull << 30)));
}

TEST(ParseByteSize, RefusesEverythingElse) {
    for (const char* text : {"", "M", "-1", "1.5G", "1 M", "1MB", "1T", "0x10", "17179869184G",
                             "18446744073709551616"}) {
        EXPECT_EQ(parse_byte_size(text), std::nullopt) << text;
    }
}

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

}  // namespace
}  // namespace instdrv
