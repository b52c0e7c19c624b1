#include "base/duration.hpp"

#include <gmock/gmock.h>

namespace instdrv {
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

}  // namespace
}  // namespace instdrv
