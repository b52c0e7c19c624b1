#include "image/pe/relocations.hpp"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_builder.hpp"

namespace instdrv::pe::test {
namespace {

using testing::HasSubstr;

TableWriter table() { return TableWriter(table_rva); }

std::uint16_t entry(unsigned kind, unsigned offset) {
    return static_cast<std::uint16_t>(kind << 12 | offset);
}

std::string cause_for(const TableWriter& writer, std::uint32_t size) {
    const BuiltImage image(with_table(Directory::relocations, writer, size));
    return cause_of(parse_relocations(image.view));
}

TEST(Relocations, AreReadFromSeveralBlocks) {
    auto writer = table();
    writer.put<Rva>(0x1000).put<std::uint32_t>(12).put(entry(10, 0x800)).put(entry(0, 0));
    writer.put<Rva>(0x1000).put<std::uint32_t>(16).put(entry(3, 0x900)).put(entry(1, 0x904));
    writer.put(entry(4, 0x910)).put<std::uint16_t>(0x8001);
    const BuiltImage image(with_table(Directory::relocations, writer, 28));
    const auto relocations = parse_relocations(image.view);
    ASSERT_TRUE(relocations) << relocations.error().text();
    ASSERT_EQ(relocations->size(), 4u);
    EXPECT_EQ((*relocations)[0].kind, RelocationKind::dir64);
    EXPECT_EQ((*relocations)[0].rva, 0x1800u);
    EXPECT_EQ((*relocations)[1].kind, RelocationKind::high_low);
    EXPECT_EQ((*relocations)[3].kind, RelocationKind::high_adj);
    EXPECT_EQ((*relocations)[3].low_half, 0x8001u);
}

TEST(Relocations, AnImageWithoutTableHasNone) {
    const BuiltImage image(with_table(Directory::imports, table().fill_to(table_rva + 64), 0));
    EXPECT_TRUE(parse_relocations(image.view)->empty());
}

TEST(Relocations, PaddingEndsTheTable) {
    auto writer = table();
    writer.put<Rva>(0x1000).put<std::uint32_t>(10).put(entry(3, 0x900)).fill_to(table_rva + 64);
    const BuiltImage image(with_table(Directory::relocations, writer, 64));
    EXPECT_EQ(parse_relocations(image.view)->size(), 1u);
}

TEST(Relocations, RefuseSizesThatWouldNotEnd) {
    auto zero = table();
    zero.put<Rva>(0x1000).put<std::uint32_t>(0);
    EXPECT_THAT(cause_for(zero, 16), HasSubstr("a block of 0 bytes"));
    auto small = table();
    small.put<Rva>(0x1000).put<std::uint32_t>(6);
    EXPECT_THAT(cause_for(small, 16), HasSubstr("a block of 6 bytes"));
    auto odd = table();
    odd.put<Rva>(0x1000).put<std::uint32_t>(11);
    EXPECT_THAT(cause_for(odd, 16), HasSubstr("a block of 11 bytes"));
    auto huge = table();
    huge.put<Rva>(0x1000).put<std::uint32_t>(0xFFFFFFFE);
    EXPECT_THAT(cause_for(huge, 16), HasSubstr("a block of 4294967294 bytes"));
}

TEST(Relocations, RefuseWhatLiesOutside) {
    auto writer = table();
    writer.put<Rva>(0x1000).put<std::uint32_t>(10).put(entry(10, 0xFF9));
    EXPECT_THAT(cause_for(writer, 10), HasSubstr("address 0x1ff9 lies outside"));
    auto last_page = table();
    last_page.put<Rva>(0xFFFFFFFF).put<std::uint32_t>(10).put(entry(3, 0xFFF));
    EXPECT_THAT(cause_for(last_page, 10), HasSubstr("lies outside"));
    EXPECT_THAT(cause_for(table(), 0x10000), HasSubstr("it lies outside of the image"));
}

TEST(Relocations, RefuseUnknownKindsAndCutOffEntries) {
    auto unknown = table();
    unknown.put<Rva>(0x1000).put<std::uint32_t>(10).put(entry(5, 0));
    EXPECT_THAT(cause_for(unknown, 10), HasSubstr("unknown kind 5"));
    auto cut = table();
    cut.put<Rva>(0x1000).put<std::uint32_t>(10).put(entry(4, 0));
    EXPECT_THAT(cause_for(cut, 10), HasSubstr("cut off"));
}

class Applied : public testing::Test {
protected:
    template <class T>
    T apply(RelocationKind kind, T before, std::uint64_t delta, std::uint16_t low_half = 0) {
        std::vector<std::byte> mapped(16);
        std::memcpy(mapped.data() + 3, &before, sizeof before);
        const Relocation relocation{.rva = 3, .kind = kind, .low_half = low_half};
        EXPECT_TRUE(apply_relocations({&relocation, 1}, mapped, delta));
        T after;
        std::memcpy(&after, mapped.data() + 3, sizeof after);
        return after;
    }
};

TEST_F(Applied, EveryKindAddsItsPartOfTheDelta) {
    EXPECT_EQ(apply<std::uint64_t>(RelocationKind::dir64, 0x180001000, 0x7F0000000000),
              0x7F0180001000u);
    EXPECT_EQ(apply<std::uint64_t>(RelocationKind::dir64, 0x180001000,
                                   static_cast<std::uint64_t>(-0x80000000LL)),
              0x100001000u);
    EXPECT_EQ(apply<std::uint32_t>(RelocationKind::high_low, 0x10001000, 0xFFFFFFFFF0010000),
              0x00011000u);
    EXPECT_EQ(apply<std::uint16_t>(RelocationKind::high, 0x1000, 0x00020000), 0x1002u);
    EXPECT_EQ(apply<std::uint16_t>(RelocationKind::low, 0x1000, 0x00020030), 0x1030u);
}

TEST_F(Applied, HighAdjustedRoundsWithTheLowHalf) {
    // The address 0x1000F000 is split into 0x1001 and the negative low half 0xF000.
    EXPECT_EQ(apply<std::uint16_t>(RelocationKind::high_adj, 0x1001, 0x00020000, 0xF000), 0x1003u);
    // 0x1000F000 + 0x9000 = 0x10018000, whose low half is negative: the high one is rounded up.
    EXPECT_EQ(apply<std::uint16_t>(RelocationKind::high_adj, 0x1001, 0x00009000, 0xF000), 0x1002u);
}

TEST_F(Applied, TargetsOutsideAreRefused) {
    std::vector<std::byte> mapped(16);
    const Relocation relocation{.rva = 9, .kind = RelocationKind::dir64};
    EXPECT_FALSE(apply_relocations({&relocation, 1}, mapped, 1));
    const Relocation far{.rva = 0xFFFFFFFF, .kind = RelocationKind::high};
    EXPECT_FALSE(apply_relocations({&far, 1}, mapped, 1));
}

}  // namespace
}  // namespace instdrv::pe::test
