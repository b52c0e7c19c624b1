// The 32-bit drivers convert as their 64-bit twins do.
#include <gtest/gtest.h>

#include "conversions.hpp"

namespace instdrv::test {
namespace {

void expect_the_same_from_32_bits(const std::vector<Conversion>& conversions) {
    const auto output = Conversions::instance().folder() / "i386.wav";
    for (const Conversion& conversion : conversions) {
        SCOPED_TRACE(conversion.name);
        const auto program = run({.arguments = {ACM_CONVERT_32,
                                                std::string(WINE_DRIVERS_32 "/") + conversion.driver,
                                                codec::name_of_tag(conversion.tag),
                                                conversion.input, output},
                                  .folder = {},
                                  .input = {},
                                  .environment = {}});
        ASSERT_EQ(program.status, 0) << program.err;
        const Wav result = read_wav(output);
        EXPECT_EQ(result.format, conversion.result->format);
        EXPECT_EQ(result.sound, conversion.result->sound);
    }
}

TEST(Drivers32, EncodeBitForBitTheSame) {
    expect_the_same_from_32_bits(Conversions::instance().encodings());
}

TEST(Drivers32, DecodeBitForBitTheSame) {
    expect_the_same_from_32_bits(Conversions::instance().decodings());
    expect_the_same_from_32_bits(Conversions::instance().cut_decodings());
}

}  // namespace
}  // namespace instdrv::test
