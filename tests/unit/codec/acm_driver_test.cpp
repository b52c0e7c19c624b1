#include "codec/acm_driver.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/acm_error.hpp"
#include "fake_codec.hpp"
#include "wav_bytes.hpp"

namespace instdrv::codec {
namespace {

using test::fake_format;
using test::FakeCodec;
using testing::ElementsAre;

const WaveFormat plain = WaveFormat::pcm(1, 8000, 8);

TEST(AcmLayout, IsToldByTheMarkOfWine) {
    auto start = test::Bytes(96);
    EXPECT_EQ(layout_of(start), AcmLayout::packed);
    std::ranges::copy(test::bytes_of("Wine builtin DLL"), start.begin() + 0x40);
    EXPECT_EQ(layout_of(start), AcmLayout::natural);
    EXPECT_EQ(layout_of(std::span(start).first(70)), AcmLayout::packed);
    EXPECT_EQ(layout_of(std::filesystem::path("/no/such/file")), AcmLayout::packed);
}

TEST(AcmError, NamesTheCode) {
    const auto error = acm_error("convert with", "a.acm", ACMERR_NOTPOSSIBLE);
    EXPECT_EQ(error.text(),
              "convert with a.acm: the driver cannot do this conversion (ACMERR_NOTPOSSIBLE). "
              "`instdrv acm list` shows the formats a driver speaks");
    EXPECT_EQ(error.system_code, ACMERR_NOTPOSSIBLE);
    EXPECT_EQ(acm_error("x", "y", 0x777).cause, "the driver answered error 0x777");
}

TEST(AcmDriver, ReadsDetails) {
    FakeCodec fake;
    const auto details = fake.driver().details();
    ASSERT_TRUE(details);
    EXPECT_EQ(details->short_name, "Fäke");
    EXPECT_EQ(details->long_name, std::string(ACMDRIVERDETAILS_LONGNAME_CHARS, 'x'));
    EXPECT_EQ(version_text(details->driver_version), "1.2.3");
    EXPECT_THAT(support_names(details->support), ElementsAre("codec"));
}

TEST(AcmDriver, EnumeratesTagsAndFormats) {
    FakeCodec fake;
    const auto tags = fake.driver().format_tags();
    ASSERT_TRUE(tags);
    ASSERT_EQ(tags->size(), 2u);
    EXPECT_EQ(tags->at(1).tag, test::fake_tag);
    const auto formats = fake.driver().formats(tags->at(1));
    ASSERT_TRUE(formats);
    ASSERT_EQ(formats->size(), 2u);
    EXPECT_EQ(formats->at(1).format, fake_format(8000));
    EXPECT_EQ(formats->at(1).name, "standard");
}

TEST(AcmDriver, ChoosesInBothLayouts) {
    for (const AcmLayout layout : {AcmLayout::packed, AcmLayout::natural}) {
        FakeCodec fake;
        fake.layout = layout;
        const auto coded = fake.driver().choose(plain, {.tag = test::fake_tag});
        ASSERT_TRUE(coded) << coded.error().text();
        EXPECT_EQ(*coded, fake_format(8000));
        EXPECT_EQ(*fake.driver().choose(*coded, {}), plain);
    }
}

TEST(AcmDriver, SaysWhatIsPossibleInstead) {
    FakeCodec fake;
    const auto none = fake.driver().choose(plain, {.tag = test::fake_tag, .rate = 44100});
    ASSERT_FALSE(none);
    EXPECT_EQ(
        none.error().text(),
        "convert with fake.acm: the driver cannot turn PCM, 8000 Hz, mono, 8 bits into format "
        "0x4321, 44100 Hz (ACMERR_NOTPOSSIBLE). It could make format 0x4321, 8000 Hz, mono");
    const auto unknown = fake.driver().choose(plain, {.tag = WAVE_FORMAT_GSM610});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, ErrorCode::unsupported);
}

TEST(AcmStream, SendsTheMessagesOfAStreamInOrder) {
    FakeCodec fake;
    {
        auto stream = fake.driver().open_stream(plain, fake_format(), 3);
        ASSERT_TRUE(stream);
        ASSERT_TRUE(stream->convert(3, ACM_STREAMCONVERTF_START));
    }
    EXPECT_THAT(fake.messages,
                ElementsAre(ACMDM_STREAM_OPEN, ACMDM_STREAM_SIZE, ACMDM_STREAM_PREPARE,
                            ACMDM_STREAM_CONVERT, ACMDM_STREAM_UNPREPARE, ACMDM_STREAM_CLOSE));
}

TEST(AcmStream, NeedsNoDriverThatPrepares) {
    FakeCodec fake;
    fake.knows_prepare = false;
    {
        auto stream = fake.driver().open_stream(plain, fake_format(), 3);
        ASSERT_TRUE(stream);
    }
    EXPECT_EQ(std::ranges::count(fake.messages, UINT{ACMDM_STREAM_UNPREPARE}), 0);
    EXPECT_EQ(fake.messages.back(), UINT{ACMDM_STREAM_CLOSE});
}

TEST(AcmStream, BelievesNoImpossibleCounts) {
    FakeCodec fake;
    fake.lies_about_size = 0x7FFFFFFF;
    EXPECT_EQ(fake.driver().open_stream(plain, fake_format()).error().code, ErrorCode::broken);
    fake.lies_about_size = 0;
    auto stream = fake.driver().open_stream(plain, fake_format(), 30);
    ASSERT_TRUE(stream);
    fake.lies_about_source = 1;
    EXPECT_EQ(stream->convert(30, 0).error().code, ErrorCode::broken);
    fake.lies_about_source = 0;
    fake.lies_about_destination = 1000;
    EXPECT_EQ(stream->convert(30, 0).error().code, ErrorCode::broken);
}

TEST(AcmStream, MakesItsBufferWholeBlocks) {
    FakeCodec fake;
    auto stream = fake.driver().open_stream(fake_format(), plain, 10);
    ASSERT_TRUE(stream);
    EXPECT_EQ(stream->input().size(), 12u);
}

}  // namespace
}  // namespace instdrv::codec
