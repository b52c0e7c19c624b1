#include "messages/rules.hpp"

#include <instdrv/acm.h>
#include <instdrv/vfw.h>

#include <limits>

#include <gtest/gtest.h>

#include "world.hpp"

namespace instdrv::messages::test {
namespace {

std::vector<std::byte> bytes(const BITMAPINFOHEADER& header) {
    const auto all = std::as_bytes(std::span(&header, 1));
    return {all.begin(), all.end()};
}

std::optional<std::uint64_t> format_size(BITMAPINFOHEADER header) {
    if (header.biSize == 0) header.biSize = 40;
    return dib_format_size(bytes(header));
}

TEST(PictureFormats, have_the_colours_and_masks_that_the_header_says) {
    EXPECT_EQ(format_size({.biBitCount = 24}), 40u);
    EXPECT_EQ(format_size({.biBitCount = 0}), 40u);
    EXPECT_EQ(format_size({.biBitCount = 1}), 40u + 2 * 4);
    EXPECT_EQ(format_size({.biBitCount = 4}), 40u + 16 * 4);
    EXPECT_EQ(format_size({.biBitCount = 8}), 40u + 256 * 4);
    EXPECT_EQ(format_size({.biBitCount = 8, .biClrUsed = 10}), 40u + 10 * 4);
    EXPECT_EQ(format_size({.biBitCount = 4, .biClrUsed = 1000}), 40u + 16 * 4);
    EXPECT_EQ(format_size({.biBitCount = 24, .biClrUsed = 3}), 40u + 3 * 4);
    EXPECT_EQ(format_size({.biBitCount = 24, .biClrUsed = 0xFFFFFFFF}), 40u + 256 * 4);
    EXPECT_EQ(format_size({.biBitCount = 16, .biCompression = BI_BITFIELDS}), 40u + 12);
    EXPECT_EQ(format_size({.biSize = 108, .biBitCount = 16, .biCompression = BI_BITFIELDS}), 108u);
    EXPECT_EQ(format_size({.biSize = 68, .biBitCount = 24}), 68u) << "data of the codec's";
}

TEST(PictureFormats, are_not_made_of_nonsense) {
    EXPECT_EQ(format_size({.biSize = 12}), std::nullopt);
    EXPECT_EQ(format_size({.biSize = 39}), std::nullopt);
    EXPECT_EQ(format_size({.biSize = 0x7FFFFFFF}), std::nullopt);
    EXPECT_EQ(dib_format_size(std::vector<std::byte>(40)), std::nullopt);
}

class Lengths : public testing::Test {
protected:
    Result<Extent> at(LengthRule rule, std::uint64_t address) {
        return extent_of({.rule = rule, .of = "format"}, address, scope());
    }
    Result<Extent> of_format(LengthRule rule, BITMAPINFOHEADER header) {
        header.biSize = 40;
        values_[0] = world_.allocate(bytes(header));
        return at(rule, world_.region_there);
    }
    LengthScope scope() { return {0, siblings_, world_.client, answered_}; }

    World world_{{}};
    std::vector<Field> fields_{{.name = "format"}, {.name = "other"}};
    std::vector<std::uint64_t> values_{0, 0};
    Siblings siblings_{fields_, values_};
    AnsweredSizes answered_;
};

TEST_F(Lengths, of_pictures_follow_the_rows_of_a_bitmap) {
    EXPECT_EQ(of_format(LengthRule::image, {.biWidth = 3, .biHeight = 2, .biBitCount = 24})->length,
              2u * 12);
    EXPECT_EQ(of_format(LengthRule::image, {.biWidth = 3, .biHeight = -2, .biBitCount = 8})->length,
              2u * 4);
    EXPECT_EQ(of_format(LengthRule::image, {.biWidth = 33, .biHeight = 1, .biBitCount = 1})->length,
              8u);
    EXPECT_EQ(of_format(LengthRule::image, {.biBitCount = 24})->length, 0u);
    // An uncompressed picture has the size it has, whatever is stated.
    EXPECT_EQ(of_format(LengthRule::image,
                        {.biWidth = 4, .biHeight = 1, .biBitCount = 8, .biSizeImage = 900})
                  ->length,
              4u);
    constexpr DWORD yuy2 = 0x32595559;
    EXPECT_EQ(of_format(LengthRule::image, {.biWidth = 4,
                                            .biHeight = 2,
                                            .biBitCount = 16,
                                            .biCompression = yuy2,
                                            .biSizeImage = 17})
                  ->length,
              17u);
    const BITMAPINFOHEADER unstated{
        .biWidth = 4, .biHeight = 2, .biBitCount = 16, .biCompression = yuy2};
    EXPECT_EQ(of_format(LengthRule::image, unstated)->length, 16u);
    EXPECT_EQ(of_format(LengthRule::frame, unstated)->length, 0u) << "a frame of no data";
}

TEST_F(Lengths, of_impossible_pictures_are_errors) {
    constexpr LONG most = std::numeric_limits<LONG>::max();
    constexpr LONG least = std::numeric_limits<LONG>::min();
    for (const BITMAPINFOHEADER& header :
         {BITMAPINFOHEADER{.biWidth = most, .biHeight = most, .biBitCount = 0xFFFF},
          BITMAPINFOHEADER{.biWidth = most, .biHeight = least, .biBitCount = 32},
          BITMAPINFOHEADER{.biWidth = 1, .biHeight = least, .biBitCount = 32},
          BITMAPINFOHEADER{.biWidth = -1, .biHeight = 1, .biBitCount = 8}}) {
        const auto extent = of_format(LengthRule::image, header);
        ASSERT_FALSE(extent) << extent->length;
        EXPECT_EQ(extent.error().code, ErrorCode::invalid_argument);
    }
}

TEST_F(Lengths, without_a_format_are_nothing) {
    EXPECT_EQ(at(LengthRule::image, world_.region_there)->length, 0u);
    EXPECT_EQ(at(LengthRule::frame, world_.region_there)->length, 0u);
    values_[0] = 7;
    EXPECT_FALSE(at(LengthRule::image, world_.region_there)) << "a format that cannot be read";
}

TEST_F(Lengths, of_wave_formats_are_read_to_their_end_and_no_further) {
    const WAVEFORMATEX format{WAVE_FORMAT_MPEGLAYER3, 1, 8000, 1000, 1, 0, 12};
    const auto address = world_.allocate(std::as_bytes(std::span(&format, 1)));
    EXPECT_EQ(at(LengthRule::wave_format, address)->length, 30u);

    // PCM need not have cbSize: here it would lie outside of the region.
    const WAVEFORMATEX pcm{WAVE_FORMAT_PCM, 1, 8000, 8000, 1, 8, 0};
    const std::uint64_t end = world_.region_there + world_.region.size();
    std::memcpy(world_.client_at(end - 16, 16).data(), &pcm, 16);
    const auto extent = at(LengthRule::wave_format, end - 16);
    ASSERT_TRUE(extent) << extent.error().text();
    EXPECT_EQ(extent->length, 16u);
    EXPECT_EQ(extent->room, 18u) << "the driver finds a cbSize all the same";
    std::memcpy(world_.client_at(end - 16, 16).data(), &format, 16);
    EXPECT_FALSE(at(LengthRule::wave_format, end - 16));
}

TEST_F(Lengths, of_filters_are_what_they_say_if_it_makes_sense) {
    for (const DWORD size : {0u, 31u, 0xFFFFFFFFu}) {
        const WAVEFILTER filter{.cbStruct = size};
        EXPECT_FALSE(
            at(LengthRule::wave_filter, world_.allocate(std::as_bytes(std::span(&filter, 1)))));
    }
    const WAVEFILTER filter{.cbStruct = 50};
    EXPECT_EQ(
        at(LengthRule::wave_filter, world_.allocate(std::as_bytes(std::span(&filter, 1))))->length,
        50u);
}

}  // namespace
}  // namespace instdrv::messages::test
