#include <gtest/gtest.h>

#include "conversions.hpp"

namespace instdrv::test {
namespace {

void expect_as_wine(const Conversion& conversion) {
    SCOPED_TRACE(conversion.name);
    ASSERT_EQ(conversion.program.status, 0) << conversion.program.err;
    ASSERT_EQ(conversion.wine_answer, "ok");
    EXPECT_GT(conversion.wine_result->sound.size(), 4000u);
    EXPECT_EQ(conversion.result->format, conversion.wine_result->format)
        << conversion.result->format.text() << ", Wine: " << conversion.wine_result->format.text();
    ASSERT_EQ(conversion.result->sound.size(), conversion.wine_result->sound.size());
    EXPECT_EQ(conversion.result->sound, conversion.wine_result->sound);
}

TEST(Wine, EncodesBitForBitTheSame) {
    for (const auto& conversion : Conversions::instance().encodings())
        expect_as_wine(conversion);
}

TEST(Wine, DecodesBitForBitTheSame) {
    for (const auto& conversion : Conversions::instance().decodings())
        expect_as_wine(conversion);
}

TEST(Wine, DecodesCutBlocksBitForBitTheSame) {
    for (const auto& conversion : Conversions::instance().cut_decodings()) {
        expect_as_wine(conversion);
    }
}

}  // namespace
}  // namespace instdrv::test
