// The 32-bit drivers, in a worker of their size, convert as their 64-bit twins do.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <gtest/gtest.h>

#include "conversions.hpp"
#include "support/i386.hpp"

namespace instdrv::test {
namespace {

// The MP3 decoder computes with floats, and the DLL for i386 does so on the x87, which rounds
// otherwise: now and then a sample is a step of 16 bits off.
void expect_at_most_a_step_apart(const Wav& one, const Wav& other) {
    const auto a = samples_of(one);
    const auto b = samples_of(other);
    ASSERT_EQ(a.size(), b.size());
    std::size_t apart = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ASSERT_LE(std::abs(a[i] - b[i]), 1) << "sample " << i;
        if (a[i] != b[i]) ++apart;
    }
    EXPECT_LE(apart, a.size() / 100);
}

void expect_the_same_from_32_bits(const std::vector<Conversion>& conversions) {
    const auto output = Conversions::instance().folder() / "i386.wav";
    for (const Conversion& conversion : conversions) {
        SCOPED_TRACE(conversion.name);
        const auto program = convert_with_instdrv(
            std::string(WINE_DRIVERS_32 "/") + conversion.driver,
            {"--force", "--to", codec::name_of_tag(conversion.tag), conversion.input, output}, {});
        ASSERT_EQ(program.status, 0) << program.err;
        const Wav result = read_wav(output);
        EXPECT_EQ(result.format, conversion.result->format);
        if (conversion.driver == "l3codeca.acm") {
            expect_at_most_a_step_apart(result, *conversion.result);
        } else {
            EXPECT_EQ(result.sound, conversion.result->sound);
        }
    }
}

constexpr auto no_i386 = "this kernel runs no programs for i386";

TEST(Drivers32, EncodeBitForBitTheSame) {
    if (!runs_i386) GTEST_SKIP() << no_i386;
    expect_the_same_from_32_bits(Conversions::instance().encodings());
}

TEST(Drivers32, DecodeBitForBitTheSame) {
    if (!runs_i386) GTEST_SKIP() << no_i386;
    expect_the_same_from_32_bits(Conversions::instance().decodings());
    expect_the_same_from_32_bits(Conversions::instance().cut_decodings());
}

}  // namespace
}  // namespace instdrv::test
