#include "image/pe/imports.hpp"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/pe/delay_imports.hpp"
#include "image_builder.hpp"

namespace instdrv::pe::test {
namespace {

using testing::HasSubstr;

constexpr Rva names = 0x1100;  // "KERNEL32.dll", then hint and name of Sleep
constexpr Rva sleep_name = 0x1110;
constexpr Rva lookup = 0x1200;
constexpr Rva slots = 0x1280;

std::uint64_t by_ordinal(Machine machine, std::uint16_t ordinal) {
    return (machine == Machine::x86_64 ? std::uint64_t{1} << 63 : std::uint64_t{1} << 31) | ordinal;
}

// One DLL, one symbol by name and one by ordinal, in the given tables.
TableWriter import_table(Machine machine, Rva lookup_field, std::uint32_t timestamp, Rva entries) {
    TableWriter out(table_rva);
    out.put(lookup_field).put(timestamp).put(timestamp).put(names).put(slots);
    out.fill_to(names).text("KERNEL32.dll").fill_to(sleep_name);
    out.put<std::uint16_t>(7).text("Sleep").fill_to(entries);
    out.put_word(machine, sleep_name).put_word(machine, by_ordinal(machine, 12));
    out.put_word(machine, 0).fill_to(0x1400);
    return out;
}

void expect_sleep_and_ordinal(const ImageSpec& spec) {
    const BuiltImage image(spec);
    const auto dlls = parse_imports(image.view);
    ASSERT_TRUE(dlls) << dlls.error().text();
    ASSERT_EQ(dlls->size(), 1u);
    EXPECT_EQ((*dlls)[0].name, "KERNEL32.dll");
    const auto& symbols = (*dlls)[0].symbols;
    ASSERT_EQ(symbols.size(), 2u);
    EXPECT_EQ(symbols[0].symbol.name, "Sleep");
    EXPECT_EQ(symbols[0].slot, slots);
    EXPECT_EQ(symbols[1].symbol.name, "");
    EXPECT_EQ(symbols[1].symbol.ordinal, 12u);
    EXPECT_EQ(symbols[1].slot, slots + image.view.word_size());
}

std::string cause_for(const TableWriter& table) {
    const BuiltImage image(with_table(Directory::imports, table, 40));
    return cause_of(parse_imports(image.view));
}

TEST(Imports, AreReadByNameAndOrdinalInBothSizes) {
    for (const auto machine : {Machine::x86_64, Machine::x86}) {
        const auto table = import_table(machine, lookup, 0, lookup);
        expect_sleep_and_ordinal(with_table(Directory::imports, table, 40, machine));
    }
}

TEST(Imports, ComeFromTheAddressTableWhereThereIsNoLookupTable) {
    const auto table = import_table(Machine::x86_64, 0, 0, slots);
    expect_sleep_and_ordinal(with_table(Directory::imports, table, 40));
}

TEST(Imports, OfABoundDllStillComeFromTheLookupTable) {
    auto table = import_table(Machine::x86_64, lookup, 0xFFFFFFFF, lookup);
    table.set<std::uint64_t>(slots, 0x7FFE12345678);
    expect_sleep_and_ordinal(with_table(Directory::imports, table, 40));
}

TEST(Imports, TheSizeOfTheDirectoryDoesNotMatter) {
    const auto table = import_table(Machine::x86_64, lookup, 0, lookup);
    expect_sleep_and_ordinal(with_table(Directory::imports, table, 0));
}

TEST(Imports, AnImageMayImportNothing) {
    const BuiltImage image(with_table(Directory::exports, TableWriter(0x1000).fill_to(0x1400), 0));
    EXPECT_TRUE(parse_imports(image.view)->empty());
    EXPECT_TRUE(parse_delay_imports(image.view)->empty());
}

TEST(Imports, RefuseDamagedNames) {
    auto outside = import_table(Machine::x86_64, lookup, 0, lookup);
    outside.set<Rva>(table_rva + 12, 0x00FFFFFF);
    EXPECT_THAT(cause_for(outside), HasSubstr("the name of a DLL"));
    auto empty = import_table(Machine::x86_64, lookup, 0, lookup);
    empty.set<char>(names, '\0');
    EXPECT_THAT(cause_for(empty), HasSubstr("the name of a DLL"));
    auto function = import_table(Machine::x86_64, lookup, 0, lookup);
    function.set<std::uint64_t>(lookup, 0x7FFFFFFFFFFFFFFF);
    EXPECT_THAT(cause_for(function), HasSubstr("a function of KERNEL32.dll"));
    auto nameless = import_table(Machine::x86_64, lookup, 0, lookup);
    nameless.set<char>(sleep_name + 2, '\0');
    EXPECT_THAT(cause_for(nameless), HasSubstr("empty name"));
}

TEST(Imports, RefuseSlotsAndTablesOutside) {
    auto far_slots = import_table(Machine::x86_64, lookup, 0, lookup);
    far_slots.set<Rva>(table_rva + 16, 0x1FFC);
    EXPECT_THAT(cause_for(far_slots), HasSubstr("the addresses of KERNEL32.dll"));
    const auto far_table = import_table(Machine::x86_64, 0xFFFFFFF8, 0, lookup);
    EXPECT_THAT(cause_for(far_table), HasSubstr("the list of functions of KERNEL32.dll"));
}

TEST(Imports, RefuseATableWithoutEnd) {
    TableWriter table(table_rva);
    while (table.here() < 0x2000)
        table.put<std::uint32_t>(0x1FF1);
    EXPECT_NE(cause_for(table), "");
}

TEST(Imports, RefuseOneListInManyDlls) {
    // A thousand descriptors that share one long list of ordinals.
    constexpr std::uint32_t list = 0x8000;
    constexpr std::uint32_t list_end = 0x10000;
    TableWriter table(table_rva);
    for (int i = 0; i < 1000; ++i) {
        table.put(list).put<std::uint64_t>(0).put<Rva>(0x7F00).put(list);
    }
    table.fill_to(0x7F00).text("A.dll").fill_to(list);
    while (table.here() < list_end)
        table.put(by_ordinal(Machine::x86_64, 1));
    table.put<std::uint64_t>(0);
    EXPECT_THAT(cause_for(table), HasSubstr("again and again"));
}

// ---- delay-loaded -------------------------------------------------------------------------------

// `bias` is added to every address: 0 for descriptors of RVAs, else the image base.
ImageSpec delay_spec(Machine machine, std::uint32_t attributes, std::uint32_t bias) {
    TableWriter out(table_rva);
    out.put(attributes).put(names + bias).put<std::uint32_t>(0x12F0 + bias);
    out.put(slots + bias).put(lookup + bias).fill_to(names).text("WINMM.dll");
    out.fill_to(sleep_name).put<std::uint16_t>(1).text("timeGetTime").fill_to(lookup);
    out.put_word(machine, sleep_name + bias).put_word(machine, by_ordinal(machine, 2));
    out.put_word(machine, 0).fill_to(0x1400);
    return with_table(Directory::delay_imports, out, 64, machine);
}

void expect_delay_imports(const ImageSpec& spec) {
    const BuiltImage image(spec);
    const auto dlls = parse_delay_imports(image.view);
    ASSERT_TRUE(dlls) << dlls.error().text();
    ASSERT_EQ(dlls->size(), 1u);
    EXPECT_EQ((*dlls)[0].name, "WINMM.dll");
    EXPECT_EQ((*dlls)[0].module_slot, 0x12F0u);
    ASSERT_EQ((*dlls)[0].symbols.size(), 2u);
    EXPECT_EQ((*dlls)[0].symbols[0].symbol.name, "timeGetTime");
    EXPECT_EQ((*dlls)[0].symbols[0].slot, slots);
    EXPECT_EQ((*dlls)[0].symbols[1].symbol.ordinal, 2u);
}

TEST(DelayImports, AreReadFromRvasAndFromAddresses) {
    expect_delay_imports(delay_spec(Machine::x86_64, 1, 0));
    expect_delay_imports(delay_spec(Machine::x86, 1, 0));
    expect_delay_imports(delay_spec(Machine::x86, 0, 0x10000000));
}

TEST(DelayImports, RefuseFieldsOutside) {
    auto spec = delay_spec(Machine::x86, 0, 0x20000000);
    EXPECT_THAT(cause_of(parse_delay_imports(BuiltImage(spec).view)), HasSubstr("name of a DLL"));
    spec = delay_spec(Machine::x86_64, 1, 0);
    const std::uint32_t far = 0xFFFFFFFC;
    std::memcpy(spec.sections[0].content.data() + 8, &far, sizeof far);
    EXPECT_THAT(cause_of(parse_delay_imports(BuiltImage(spec).view)),
                HasSubstr("a field of WINMM.dll"));
}

}  // namespace
}  // namespace instdrv::pe::test
