#include "image/pe/version_info.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "resource_writer.hpp"

namespace instdrv::pe::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::vector<std::byte> sample() {
    return version_block({{u"FileDescription", u"Größe"}, {u"Odd", u""}, {u"Last", u"x"}});
}

TEST(VersionInfo, IsReadWhole) {
    const auto info = parse_version_info(sample());
    ASSERT_TRUE(info) << info.error().text();
    EXPECT_THAT(info->file_version, ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(info->product_version, ElementsAre(5, 6, 7, 8));
    EXPECT_EQ(info->flags, 1u);  // masked
    EXPECT_EQ(info->type, 3u);
    EXPECT_EQ(info->subtype, 8u);
    ASSERT_EQ(info->string_tables.size(), 1u);
    EXPECT_EQ(info->string_tables[0].language, 0x0409u);
    EXPECT_EQ(info->string_tables[0].code_page, 1200u);
    EXPECT_THAT(info->string_tables[0].strings,
                ElementsAre(Pair("FileDescription", "Größe"), Pair("Odd", ""), Pair("Last", "x")));
    EXPECT_EQ(info->find("Last"), "x");
    EXPECT_EQ(info->find("None"), "");
    ASSERT_EQ(info->translations.size(), 1u);
    EXPECT_EQ(info->translations[0].code_page, 1200u);
}

TEST(VersionInfo, IsFoundAmongResources) {
    const auto table = write_resources(table_rva, {{.type = resource_type::version,
                                                    .name = std::uint16_t{1},
                                                    .language = 0x0409,
                                                    .data = sample()}});
    const BuiltImage image(with_table(Directory::resources, table, 0x200));
    const auto found = find_version_info(*ResourceTable::parse(image.view));
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->find("Last"), "x");
    EXPECT_FALSE(*find_version_info(ResourceTable()));
}

TEST(VersionInfo, EveryTruncationIsAnErrorOrLess) {
    const auto whole = sample();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<long>(size));
        EXPECT_THAT(cause_of(parse_version_info(cut)), HasSubstr("version resource is damaged"));
    }
}

TEST(VersionInfo, RefusesLengthsThatLie) {
    auto data = sample();
    data[0] = std::byte{5};  // the root, shorter than its own fields
    data[1] = std::byte{0};
    EXPECT_NE(cause_of(parse_version_info(data)), "");
    data = sample();
    data[40] = std::byte{0};  // the signature of the fixed part
    EXPECT_THAT(cause_of(parse_version_info(data)), HasSubstr("its fixed part"));
}

TEST(VersionInfo, ReadsTextsWhoseLengthCountsBytes) {
    auto data = version_block({{u"Key", u"value"}});
    // The text's value length stands 2 bytes into its block, which begins 6 bytes before the key.
    constexpr std::string_view key{"K\0e\0y\0", 6};
    const auto at = image::as_text(data).find(key);
    ASSERT_NE(at, std::string_view::npos);
    data[at - 4] = std::byte{12};
    EXPECT_EQ(parse_version_info(data)->find("Key"), "value");
}

}  // namespace
}  // namespace instdrv::pe::test
