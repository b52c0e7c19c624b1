#include "image/pe/exports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_builder.hpp"

namespace instdrv::pe::test {
namespace {

using testing::HasSubstr;

constexpr Rva functions = 0x1040;
constexpr Rva names = 0x1080;
constexpr Rva name_ordinals = 0x10C0;
constexpr Rva texts = 0x1100;

struct Field {
    static constexpr Rva ordinal_base = table_rva + 16;
    static constexpr Rva function_count = table_rva + 20;
    static constexpr Rva name_count = table_rva + 24;
    static constexpr Rva functions = table_rva + 28;
};

// Functions from ordinal 5 on: Zeta, an unused one, a nameless one, Forward (forwarded). Names in
// the wrong order, Zeta under a second one.
TableWriter export_table() {
    TableWriter out(table_rva);
    out.fill_to(table_rva + 12).put<Rva>(texts).put<std::uint32_t>(5).put<std::uint32_t>(4);
    out.put<std::uint32_t>(3).put(functions).put(names).put(name_ordinals);
    out.fill_to(functions).put<Rva>(0x1800).put<Rva>(0).put<Rva>(0x1900).put<Rva>(0x1130);
    out.fill_to(names).put<Rva>(0x1110).put<Rva>(0x1118).put<Rva>(0x1128);
    out.fill_to(name_ordinals).put<std::uint16_t>(0).put<std::uint16_t>(3).put<std::uint16_t>(0);
    out.fill_to(texts).text("own.dll").fill_to(0x1110).text("Zeta").fill_to(0x1118).text("Forward");
    out.fill_to(0x1128).text("Alpha").fill_to(0x1130).text("other.name.dll.#12").fill_to(0x1200);
    return out;
}

std::string cause_for(const TableWriter& table) {
    const BuiltImage image(with_table(Directory::exports, table, 0x200));
    return cause_of(ExportTable::parse(image.view));
}

TEST(Exports, AreFoundByNameAndOrdinal) {
    const BuiltImage image(with_table(Directory::exports, export_table(), 0x200));
    const auto table = ExportTable::parse(image.view);
    ASSERT_TRUE(table) << table.error().text();
    EXPECT_EQ(table->dll_name(), "own.dll");
    EXPECT_EQ(table->entries().size(), 4u);
    ASSERT_NE(table->find({.name = "Zeta"}), nullptr);
    EXPECT_EQ(table->find({.name = "Zeta"})->rva, 0x1800u);
    EXPECT_EQ(table->find({.name = "Zeta"})->ordinal, 5u);
    EXPECT_EQ(table->find({.name = "Alpha"})->rva, 0x1800u);
    EXPECT_EQ(table->find({.ordinal = 5})->rva, 0x1800u);
    EXPECT_EQ(table->find({.ordinal = 7})->rva, 0x1900u);
    EXPECT_EQ(table->find({.ordinal = 7})->name, "");
    EXPECT_EQ(table->find({.name = "Forward"})->forwarder, "other.name.dll.#12");
    EXPECT_EQ(table->find({.name = "Forward"})->rva, 0u);
    EXPECT_EQ(table->find({.name = "zeta"}), nullptr);
    EXPECT_EQ(table->find({.name = "Zet"}), nullptr);
    EXPECT_EQ(table->find({.ordinal = 6}), nullptr);
    EXPECT_EQ(table->find({.ordinal = 4}), nullptr);
    EXPECT_EQ(table->find({.ordinal = 9}), nullptr);
    EXPECT_EQ(table->find({}), nullptr);
}

TEST(Exports, AnImageMayExportNothing) {
    const BuiltImage image(with_table(Directory::imports, TableWriter(0x1000).fill_to(0x1400), 0));
    const auto table = ExportTable::parse(image.view);
    ASSERT_TRUE(table);
    EXPECT_TRUE(table->entries().empty());
    EXPECT_EQ(table->find({.name = "DriverProc"}), nullptr);
}

TEST(Exports, RefuseCountsThatCannotBe) {
    auto many = export_table();
    many.set<std::uint32_t>(Field::function_count, 0xFFFFFFFF);
    EXPECT_THAT(cause_for(many), HasSubstr("4294967295 functions"));
    auto names_too = export_table();
    names_too.set<std::uint32_t>(Field::name_count, 0x40000000);
    EXPECT_THAT(cause_for(names_too), HasSubstr("1073741824 names"));
    auto base = export_table();
    base.set<std::uint32_t>(Field::ordinal_base, 0xFFFFFFFF);
    EXPECT_THAT(cause_for(base), HasSubstr("from ordinal 4294967295"));
    auto far = export_table();
    far.set<Rva>(Field::functions, 0xFFFFFFF0);
    EXPECT_THAT(cause_for(far), HasSubstr("beyond the image"));
}

TEST(Exports, RefuseEntriesThatLeadNowhere) {
    auto address = export_table();
    address.set<Rva>(functions, 0x00FF0000);
    EXPECT_THAT(cause_for(address), HasSubstr("the address of ordinal 5"));
    auto ordinal = export_table();
    ordinal.set<std::uint16_t>(name_ordinals, 4);
    EXPECT_THAT(cause_for(ordinal), HasSubstr("Zeta belongs to no function"));
    auto name = export_table();
    name.set<Rva>(names, 0x00FF0000);
    EXPECT_THAT(cause_for(name), HasSubstr("name number 0"));
    auto forwarder = export_table();
    forwarder.set<Rva>(functions, 0x1110);  // "Zeta" is no forwarder
    EXPECT_THAT(cause_for(forwarder), HasSubstr("a forwarder of ordinal 5"));
}

TEST(Forwarders, AreSplitAtTheLastDot) {
    const auto by_name = parse_forwarder("NTDLL.RtlAllocateHeap");
    ASSERT_TRUE(by_name);
    EXPECT_EQ(by_name->dll, "NTDLL");
    EXPECT_EQ(by_name->symbol.name, "RtlAllocateHeap");
    const auto by_ordinal = parse_forwarder("a.b.#12");
    ASSERT_TRUE(by_ordinal);
    EXPECT_EQ(by_ordinal->dll, "a.b");
    EXPECT_EQ(by_ordinal->symbol.name, "");
    EXPECT_EQ(by_ordinal->symbol.ordinal, 12u);
    for (const auto* bad :
         {"", ".", "a", "a.", ".a", "a.#", "a.#0", "a.#65536", "a.#1x", "a.#-1"}) {
        EXPECT_FALSE(parse_forwarder(bad)) << bad;
    }
}

}  // namespace
}  // namespace instdrv::pe::test
