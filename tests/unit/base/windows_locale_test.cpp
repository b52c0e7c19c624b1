#include "base/windows_locale.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <gtest/gtest.h>

namespace instdrv {
namespace {

TEST(WindowsLocale, HasPagesThatThereAre) {
    std::set<std::uint16_t> ids;
    for (const auto& locale : windows_locales()) {
        EXPECT_TRUE(is_known({locale.code_page, locale.oem_code_page, locale.id})) << locale.name;
        EXPECT_TRUE(ids.insert(locale.id).second) << locale.name;
        EXPECT_EQ(find_locale(locale.name), &locale);
        EXPECT_EQ(locale.abbreviation.size(), 3U) << locale.name;
    }
    EXPECT_TRUE(std::ranges::is_sorted(windows_locales(), {}, &WindowsLocale::name));
    EXPECT_TRUE(std::ranges::is_sorted(windows_code_pages()));
}

TEST(WindowsLocale, IsFoundInAnyCase) {
    ASSERT_NE(find_locale("SR-latn-rs"), nullptr);
    EXPECT_EQ(find_locale("SR-latn-rs")->id, 0x241A);
    EXPECT_EQ(find_locale("xx-XX"), nullptr);
    EXPECT_EQ(find_locale(0U), nullptr);
}

bool operator==(const TextSettings& settings, std::array<std::uint16_t, 3> wanted) {
    return std::array{settings.code_page, settings.oem_code_page, settings.locale} == wanted;
}

TEST(TextSettings, AreFilledInFromWhatIsGiven) {
    using Wanted = std::array<std::uint16_t, 3>;
    EXPECT_TRUE(text_settings({}, {}, {}) == (Wanted{1252, 437, 0x409}));
    EXPECT_TRUE(text_settings({}, {}, 0x407) == (Wanted{1252, 850, 0x407}));
    EXPECT_TRUE(text_settings(932, {}, {}) == (Wanted{932, 932, 0x409}));
    EXPECT_TRUE(text_settings(1250, {}, {}) == (Wanted{1250, 852, 0x409}));
    EXPECT_TRUE(text_settings(1252, {}, 0x407) == (Wanted{1252, 850, 0x407}));
    EXPECT_TRUE(text_settings(1252, {}, 0x411) == (Wanted{1252, 437, 0x411}));
    EXPECT_TRUE(text_settings(65001, 850, 0x411) == (Wanted{65001, 850, 0x411}));
    EXPECT_FALSE(is_known({932, 720, 0x411}));
    EXPECT_FALSE(is_known({932, 932, 0x4FFF}));
}

}  // namespace
}  // namespace instdrv
