#include "codec/convert.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_codec.hpp"
#include "support/temporary_folder.hpp"
#include "wav_bytes.hpp"

namespace instdrv::codec {
namespace {

using test::Bytes;
using test::fake_format;
using test::FakeCodec;
using test::sound_of;
using test::TemporaryFolder;
using test::WavBytes;

const WaveFormat plain = WaveFormat::pcm(1, 8000, 8);

struct Outcome {
    Result<ConversionReport> report = ConversionReport{};
    Bytes sound;
    std::optional<std::uint64_t> samples;
};

Outcome convert_sound(FakeCodec& fake, const WaveFormat& from, const WaveFormat& to,
                      const Bytes& sound) {
    const TemporaryFolder folder;
    const auto wav = WavBytes().format(from).chunk("data", sound).right_riff_size();
    auto reader = test::read_wav(test::file_source(wav.bytes()));
    auto output = OutputFile::create(folder / "out.wav", OutputFile::Existing::refuse);
    auto writer = WavWriter::create(*std::move(output), to, sound.size() * 4);
    Outcome outcome{.report = convert(*reader, fake.driver(), to, *writer)};
    if (!outcome.report) {
        EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
        return outcome;
    }
    auto result = test::read_wav(folder / "out.wav");
    if (!result) return outcome;
    outcome.samples = result->samples();
    outcome.sound.resize(sound.size() * 4 + 16);
    outcome.sound.resize(result->read(outcome.sound).value_or(0));
    return outcome;
}

Bytes coded(const Bytes& sound) {
    Bytes out;
    for (std::size_t i = 0; i < sound.size(); ++i) {
        if (i % 3 == 0) out.push_back(test::fake_mark);
        out.push_back(sound[i]);
    }
    while (out.size() % 4 != 0)
        out.emplace_back();
    return out;
}

TEST(Convert, CodesAllSoundAndCountsItsSamples) {
    for (const std::size_t size : {3u, 7u, 65536u, 65537u, 200001u}) {
        FakeCodec fake;
        const auto outcome = convert_sound(fake, plain, fake_format(), sound_of(size));
        ASSERT_TRUE(outcome.report) << outcome.report.error().text();
        EXPECT_EQ(outcome.sound, coded(sound_of(size)));
        EXPECT_EQ(outcome.samples, size);
        EXPECT_EQ(outcome.report->bytes_in, size);
    }
}

TEST(Convert, ReportsWhatIsNoWholeBlock) {
    FakeCodec fake;
    Bytes sound = coded(sound_of(300));
    sound.resize(sound.size() - 1);
    const auto outcome = convert_sound(fake, fake_format(), plain, sound);
    ASSERT_TRUE(outcome.report);
    EXPECT_EQ(outcome.report->left_over, 3u);
    EXPECT_EQ(outcome.sound, sound_of(297));
}

TEST(Convert, TakesWhatTheDriverKeptBack) {
    FakeCodec fake;
    fake.keeps_sound_back = true;
    const auto outcome = convert_sound(fake, plain, fake_format(), sound_of(500));
    ASSERT_TRUE(outcome.report);
    EXPECT_EQ(outcome.sound, coded(sound_of(500)));
}

TEST(Convert, EndsWithDriversThatRefuseToConvertNothing) {
    FakeCodec fake;
    fake.answer_to_nothing = MMSYSERR_INVALPARAM;
    const auto outcome = convert_sound(fake, plain, fake_format(), sound_of(9));
    ASSERT_TRUE(outcome.report);
    EXPECT_EQ(outcome.sound, coded(sound_of(9)));
}

TEST(Convert, FailsWhereTheDriverFailsAtTheEnd) {
    FakeCodec dies;
    dies.keeps_sound_back = true;
    // A signal's number, which is that of MMSYSERR_INVALPARAM too.
    dies.death_of_nothing = Error{.code = ErrorCode::crashed, .system_code = 11};
    const auto died = convert_sound(dies, plain, fake_format(), sound_of(500));
    ASSERT_FALSE(died.report);
    EXPECT_EQ(died.report.error().code, ErrorCode::crashed);
    FakeCodec fails;
    fails.answer_to_nothing = MMSYSERR_NOMEM;
    EXPECT_FALSE(convert_sound(fails, plain, fake_format(), sound_of(9)).report);
}

TEST(Convert, FailsWhereNoSoundComesOut) {
    FakeCodec fake;
    const auto outcome = convert_sound(fake, fake_format(), plain, sound_of(3));
    ASSERT_FALSE(outcome.report);
    EXPECT_NE(outcome.report.error().cause.find("makes no sound of it"), std::string::npos);
}

TEST(Convert, StartsOnceAndEndsWithTheLastSound) {
    FakeCodec fake;
    fake.answer_to_nothing = MMSYSERR_INVALPARAM;
    (void)convert_sound(fake, plain, fake_format(), sound_of(100000));
    EXPECT_THAT(
        fake.convert_flags,
        testing::ElementsAre(DWORD{ACM_STREAMCONVERTF_START | ACM_STREAMCONVERTF_BLOCKALIGN},
                             DWORD{ACM_STREAMCONVERTF_END}, DWORD{ACM_STREAMCONVERTF_END}));
}

TEST(Convert, GivesUpOnDriversThatTakeNothing) {
    FakeCodec fake;
    fake.takes_nothing = true;
    const auto outcome = convert_sound(fake, plain, fake_format(), sound_of(100000));
    ASSERT_FALSE(outcome.report);
    EXPECT_NE(outcome.report.error().cause.find("takes nothing of a full buffer"),
              std::string::npos);
}

}  // namespace
}  // namespace instdrv::codec
