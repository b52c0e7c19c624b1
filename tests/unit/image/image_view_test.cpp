#include "image/pe/image_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_builder.hpp"

namespace instdrv::pe::test {
namespace {

// Text in raw data that fills its 512 bytes to the last, then zero fill, then a gap, then data.
ImageSpec two_sections() {
    ImageSpec spec;
    spec.sections.push_back({.name = ".a",
                             .rva = 0x1000,
                             .content = std::vector<std::byte>(0x200, std::byte{'a'}),
                             .virtual_size = 0x1800});
    spec.sections.push_back(
        {.name = ".b", .rva = 0x5000, .content = std::vector<std::byte>(0x200, std::byte{'b'})});
    return spec;
}

TEST(ImageView, ReadsZerosBehindRawDataAndInGaps) {
    const BuiltImage image(two_sections());
    EXPECT_EQ(image.view.read<std::uint32_t>(0x1000), 0x61616161u);
    EXPECT_EQ(image.view.read<std::uint32_t>(0x11FE), 0x00006161u);
    EXPECT_EQ(image.view.read<std::uint32_t>(0x2FFC), 0u);
    EXPECT_EQ(image.view.read<std::uint32_t>(0x4000), 0u);
    EXPECT_EQ(image.view.read<std::uint32_t>(0x4FFE), 0x62620000u);
    EXPECT_EQ(image.view.read<std::uint16_t>(0), 0x5A4Du);
    EXPECT_EQ(image.view.section_at(0x4000), nullptr);
    EXPECT_EQ(image.view.section_at(0x5FFF)->name, ".b");
}

TEST(ImageView, ReadsNothingOutside) {
    const BuiltImage image(two_sections());
    ASSERT_EQ(image.view.headers().size_of_image, 0x6000u);
    EXPECT_TRUE(image.view.read<std::uint32_t>(0x5FFC));
    EXPECT_FALSE(image.view.read<std::uint32_t>(0x5FFD));
    EXPECT_FALSE(image.view.read<std::uint32_t>(0xFFFFFFFF));
    EXPECT_FALSE(image.view.read<std::uint32_t>(UINT64_MAX - 1));
    EXPECT_FALSE(image.view.contains(0x5000, UINT64_MAX));
    EXPECT_FALSE(image.view.bytes(UINT64_MAX, 2));
}

TEST(ImageView, BytesAreThoseStoredInOnePiece) {
    const BuiltImage image(two_sections());
    EXPECT_EQ(image.view.bytes(0x1000, 0x200)->size(), 0x200u);
    EXPECT_FALSE(image.view.bytes(0x1000, 0x201));
    EXPECT_TRUE(image.view.bytes(0x1000, 0)->empty());
}

TEST(ImageView, ZeroFillEndsAText) {
    const BuiltImage image(two_sections());
    EXPECT_EQ(image.view.c_string(0x11F0), std::string(16, 'a'));
    EXPECT_EQ(image.view.c_string(0x2000), "");
    EXPECT_EQ(image.view.c_string(0x1000, 16), std::nullopt);
    EXPECT_EQ(image.view.c_string(0x6000), std::nullopt);
}

TEST(ImageView, TextWithoutEndAtTheEndOfTheImageIsNone) {
    auto spec = two_sections();
    spec.sections[1].content.assign(0x1000, std::byte{'b'});
    const BuiltImage image(spec);
    EXPECT_EQ(image.view.c_string(0x5FF0), std::nullopt);
}

TEST(ImageView, AddressesAreRelativeToTheBase) {
    const BuiltImage image(two_sections());
    EXPECT_EQ(image.view.to_rva(0x10001234), 0x1234u);
    EXPECT_FALSE(image.view.to_rva(0x0FFFFFFF));
    EXPECT_FALSE(image.view.to_rva(0x10006000));
    EXPECT_FALSE(image.view.to_rva(0));
}

TEST(ImageView, MappedBytesReadTheSame) {
    const BuiltImage image(two_sections());
    const auto mapped = lay_out(image.view);
    const auto view = ImageView::of_mapped(mapped, 0x7000000);
    ASSERT_TRUE(view) << view.error().text();
    for (Rva rva = 0; rva < 0x6000; ++rva) {
        ASSERT_EQ(view->read<std::uint8_t>(rva), image.view.read<std::uint8_t>(rva)) << rva;
    }
    EXPECT_FALSE(view->read<std::uint8_t>(0x6000));
    EXPECT_EQ(view->to_rva(0x7000010), 0x10u);
    EXPECT_EQ(view->c_string(0x11F0), std::string(16, 'a'));
}

TEST(ImageView, RefusesLessMemoryThanTheImageNeeds) {
    const BuiltImage image(two_sections());
    auto mapped = lay_out(image.view);
    mapped.resize(mapped.size() - 1);
    EXPECT_FALSE(ImageView::of_mapped(mapped, 0));
}

}  // namespace
}  // namespace instdrv::pe::test
