#include "cli/options.hpp"

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

}  // namespace
}  // namespace instdrv::cli
