#include "base/byte_size.hpp"

#include <gmock/gmock.h>

namespace instdrv {
namespace {

using testing::Eq;
using testing::Optional;

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

}  // namespace
}  // namespace instdrv
