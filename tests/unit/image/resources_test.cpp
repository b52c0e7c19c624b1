#include "image/pe/resources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "resource_writer.hpp"

namespace instdrv::pe::test {
namespace {

using testing::HasSubstr;

std::vector<std::byte> bytes_of(std::string_view text) {
    const auto* first = reinterpret_cast<const std::byte*>(text.data());
    return {first, first + text.size()};
}

std::vector<ResourceLeaf> some_leaves() {
    return {
        {.type = u"AVI", .name = u"Clip", .data = bytes_of("movie")},
        {.type = resource_type::string,
         .name = std::uint16_t{1},
         .language = 0x0407,
         .data = string_block({u"null", u"eins"})},
        {.type = resource_type::string,
         .name = std::uint16_t{1},
         .language = 0x0409,
         .data = string_block({u"zero", u"one"})},
        {.type = resource_type::string,
         .name = std::uint16_t{7},
         .language = 0x0409,
         .data = string_block({{}, {}, {}, u"ninety-nine"})},
        {.type = resource_type::raw_data, .name = std::uint16_t{300}, .data = bytes_of("raw")},
    };
}

ImageSpec resource_image(const TableWriter& table) {
    return with_table(Directory::resources, table, 0x200);
}

std::string cause_for(const TableWriter& table) {
    const BuiltImage image(resource_image(table));
    return cause_of(ResourceTable::parse(image.view));
}

class Resources : public testing::Test {
protected:
    BuiltImage image_{resource_image(write_resources(table_rva, some_leaves()))};
    Result<ResourceTable> table_ = ResourceTable::parse(image_.view);
};

TEST_F(Resources, AreFoundByTypeNameAndLanguage) {
    ASSERT_TRUE(table_) << table_.error().text();
    EXPECT_EQ(table_->entries().size(), 5u);
    const auto* clip = table_->find(u"avi", u"CLIP");
    ASSERT_NE(clip, nullptr);
    EXPECT_EQ(image::as_text(clip->data), "movie");
    EXPECT_EQ(image_.view.read<Rva>(clip->entry), clip->rva);
    EXPECT_EQ(table_->find(resource_type::raw_data, std::uint16_t{300})->language, 0u);
    EXPECT_EQ(table_->find(resource_type::raw_data, std::uint16_t{301}), nullptr);
    EXPECT_EQ(table_->find(resource_type::string, std::uint16_t{1})->language, 0x0409u);
    EXPECT_EQ(table_->find(resource_type::string, std::uint16_t{1}, 0x0407)->language, 0x0407u);
    EXPECT_EQ(table_->find(resource_type::string, std::uint16_t{1}, 0x040C), nullptr);
}

TEST_F(Resources, HaveTypes) {
    EXPECT_TRUE(table_->has_type(u"avi"));
    EXPECT_TRUE(table_->has_type(resource_type::string));
    EXPECT_FALSE(table_->has_type(resource_type::icon));
    EXPECT_FALSE(table_->has_type(u"#6"));
    EXPECT_EQ(table_->entries()[0].type.describe(), "AVI");
    EXPECT_EQ(table_->entries()[1].type.describe(), "#6");
}

TEST_F(Resources, StringsAreInBlocksOfSixteen) {
    EXPECT_EQ(table_->find_string(1), u"one");
    EXPECT_EQ(table_->find_string(1, 0x0407), u"eins");
    EXPECT_EQ(table_->find_string(99), u"ninety-nine");
    EXPECT_EQ(table_->find_string(2), std::nullopt);
    EXPECT_EQ(table_->find_string(100), std::nullopt);
    EXPECT_EQ(table_->find_string(16), std::nullopt);
    EXPECT_EQ(table_->find_string_bytes(1)->size(), 6u);
}

TEST(ResourceTree, MayBeAbsent) {
    const BuiltImage image(with_table(Directory::imports, TableWriter(0x1000).fill_to(0x1400), 0));
    EXPECT_TRUE(ResourceTable::parse(image.view)->entries().empty());
}

// One directory with one entry, at the start.
TableWriter lone_entry(std::uint32_t name, std::uint32_t target) {
    TableWriter out(table_rva);
    out.put<std::uint64_t>(0).put<std::uint32_t>(0).put<std::uint32_t>(0x00010000);
    return out.put(name).put(target).fill_to(0x1200);
}

TEST(ResourceTree, RefusesCircles) {
    EXPECT_THAT(cause_for(lone_entry(1, 0x80000000)), HasSubstr("contains itself"));
}

TEST(ResourceTree, RefusesAFourthLevel) {
    TableWriter out(table_rva);
    for (std::uint32_t next = 24; next <= 96; next += 24) {
        out.put<std::uint64_t>(0).put<std::uint32_t>(0).put<std::uint32_t>(0x00010000);
        out.put<std::uint32_t>(1).put(0x80000000 | next);
    }
    EXPECT_THAT(cause_for(out.fill_to(0x1200)), HasSubstr("deeper than three levels"));
}

TEST(ResourceTree, RefusesTreesThatBranchWithoutEnd) {
    // Two directories of 60,000 entries, every one of which leads to the other or to nothing.
    constexpr std::uint32_t second = 16 + 60000 * 8;
    TableWriter out(table_rva);
    for (const auto target : {second, 2 * second}) {
        out.put<std::uint64_t>(0).put<std::uint32_t>(0).put<std::uint16_t>(0);
        out.put<std::uint16_t>(60000);
        for (int i = 0; i < 60000; ++i)
            out.put<std::uint32_t>(1).put(0x80000000 | target);
    }
    EXPECT_THAT(cause_for(out.fill_to(out.here() + 64)), HasSubstr("too many entries"));
}

TEST(ResourceTree, RefusesDamagedParts) {
    EXPECT_THAT(cause_for(lone_entry(1, 0x20)), HasSubstr("data where a directory should be"));
    EXPECT_THAT(cause_for(lone_entry(0x10000, 0x20)), HasSubstr("number 0x10000"));
    EXPECT_THAT(cause_for(lone_entry(0xFFFFFFFF, 0x20)), HasSubstr("a name lies outside"));
    EXPECT_THAT(cause_for(lone_entry(1, 0xFFFFFFFF)), HasSubstr("a part lies outside"));
}

TEST(ResourceTree, RefusesDataOutside) {
    const auto leaves = some_leaves();
    auto table = write_resources(table_rva, {leaves.back()});
    // Root, type and name directory of one entry each, then the data entry.
    constexpr Rva data_entry = table_rva + 3 * 24;
    table.set<std::uint32_t>(data_entry + 4, 0xFFFFFFFF);
    EXPECT_THAT(cause_for(table), HasSubstr("resource #300 of type #10"));
}

TEST(ResourceIds, NumbersAndTextsDiffer) {
    EXPECT_TRUE(ResourceId(u"Menü") == ResourceId(u"mENü"));
    EXPECT_FALSE(ResourceId(u"Menü") == ResourceId(u"MenÜ"));  // as far as ASCII goes
    EXPECT_FALSE(ResourceId(u"1") == ResourceId(std::uint16_t{1}));
    EXPECT_FALSE(ResourceId(u"a") == ResourceId(u"ab"));
}

}  // namespace
}  // namespace instdrv::pe::test
