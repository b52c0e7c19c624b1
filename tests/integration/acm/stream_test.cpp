// `instdrv acm convert` as people use it: through pipes, with damaged files, with wrong wishes.

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conversions.hpp"

namespace instdrv::test {
namespace {

using testing::HasSubstr;

std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

const TemporaryFolder& folder() { return Conversions::instance().folder(); }
std::string plain_file() { return Conversions::instance().plain_file(); }

TEST(AcmConvert, WritesTheSameSoundToAPipe) {
    const auto to_pipe =
        convert_with_instdrv("imaadp32.acm", {"--to", "ima-adpcm", "-", "-"}, plain_file());
    ASSERT_EQ(to_pipe.status, 0) << to_pipe.err;
    std::ofstream(folder() / "piped.wav", std::ios::binary) << to_pipe.out;
    const auto to_file = folder() / "filed.wav";
    ASSERT_EQ(
        convert_with_instdrv("imaadp32.acm", {"--to", "ima-adpcm", plain_file(), to_file}).status,
        0);
    const auto piped = read_wav(folder() / "piped.wav");
    EXPECT_EQ(piped.sound, read_wav(to_file).sound);
    EXPECT_EQ(piped.format, read_wav(to_file).format);
    EXPECT_EQ(ffmpeg_decode(folder() / "piped.wav"), ffmpeg_decode(to_file));
}

TEST(AcmConvert, ComesBackFromWhatItMade) {
    const auto coded = folder() / "coded.wav";
    const auto back = folder() / "back.wav";
    ASSERT_EQ(convert_with_instdrv("msg711.acm", {"--to", "mulaw", plain_file(), coded}).status, 0);
    ASSERT_EQ(convert_with_instdrv("msg711.acm", {coded, back}).status, 0);
    EXPECT_EQ(read_wav(back).format, read_wav(plain_file()).format);
    EXPECT_EQ(samples_of(read_wav(back)), ffmpeg_decode(coded));
}

TEST(AcmConvert, NeedsNoMoreMemoryForLongSound) {
    const auto small = folder() / "small.wav";
    const auto large = folder() / "large.wav";
    write_wav(small, make_sound(8000, 1, 50'000));
    Wav wav = read_wav(small);
    wav.sound.resize(64 << 20);
    write_wav(large, wav);
    const auto output = folder() / "memory.wav";
    const auto for_small =
        convert_with_instdrv("msg711.acm", {"--force", "--to", "alaw", small, output});
    const auto for_large =
        convert_with_instdrv("msg711.acm", {"--force", "--to", "alaw", large, output});
    ASSERT_EQ(for_large.status, 0) << for_large.err;
    EXPECT_EQ(read_wav(output).sound.size(), std::size_t{32} << 20);
    EXPECT_LT(for_large.peak_kib, for_small.peak_kib + 2048);
    std::filesystem::remove(large);
    std::filesystem::remove(output);
}

TEST(AcmConvert, LeavesTheTargetAloneWhenItFails) {
    const auto target = folder() / "target.wav";
    std::ofstream(target) << "precious";
    const auto result =
        convert_with_instdrv("msgsm32.acm", {"--force", "--to", "gsm610", plain_file(), target});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("cannot turn PCM, 44100 Hz, stereo, 16 bits into GSM 6.10"));
    EXPECT_EQ(content_of(target), "precious");
}

// By whatever name, and whatever is asked for.
TEST(AcmConvert, NeverReplacesWhatItReads) {
    const auto in = folder() / "only-copy.wav";
    std::filesystem::copy_file(plain_file(), in);
    std::filesystem::create_hard_link(in, folder() / "hard.wav");
    std::filesystem::create_symlink(in, folder() / "soft.wav");
    const auto before = content_of(in);
    for (const std::filesystem::path& out : {in, folder() / "hard.wav", folder() / "soft.wav",
                                             folder().path() / "." / "only-copy.wav"}) {
        const auto named = convert_with_instdrv(
            "msg711.acm", {"--force", "--to", "alaw", in.string(), out.string()});
        EXPECT_EQ(named.status, 1);
        EXPECT_THAT(named.err, HasSubstr("it is the file that is read"));
        const auto piped =
            convert_with_instdrv("msg711.acm", {"--force", "--to", "alaw", "-", out.string()}, in);
        EXPECT_EQ(piped.status, 1);
    }
    EXPECT_EQ(content_of(in), before);
}

TEST(AcmConvert, ReplacesAnotherFileOnlyWhenAsked) {
    const auto target = folder() / "original.wav";
    std::ofstream(target) << "precious";
    const std::vector<std::string> words = {"--to", "alaw", plain_file(), target.string()};
    const auto refused = convert_with_instdrv("msg711.acm", words);
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, HasSubstr("it exists already. Name another file, or give --force"));
    EXPECT_EQ(content_of(target), "precious");
    auto forced = words;
    forced.insert(forced.begin(), "--force");
    std::filesystem::permissions(target, std::filesystem::perms(0444));
    const auto is_protected = convert_with_instdrv("msg711.acm", forced);
    EXPECT_EQ(is_protected.status, 1);
    EXPECT_THAT(is_protected.err, HasSubstr("write-protected"));
    EXPECT_EQ(content_of(target), "precious");
    std::filesystem::permissions(target, std::filesystem::perms(0644));
    EXPECT_EQ(convert_with_instdrv("msg711.acm", forced).status, 0);
    EXPECT_EQ(read_wav(target).format.tag(), WAVE_FORMAT_ALAW);
}

TEST(AcmConvert, SaysWhatWasNotTaken) {
    const auto result = convert_with_instdrv(
        "msadp32.acm",
        {"--to", "pcm", folder() / "adpcm-44100-2-lying.wav", folder() / "not-taken.wav"});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.err, HasSubstr("the sound ends early, bytes missing: 512"));
    EXPECT_THAT(result.err, HasSubstr("which the driver did not take: 512"));
}

TEST(AcmConvert, SaysThatADriverOnlyDecodes) {
    const auto result =
        convert_with_instdrv("msadp32.acm", {"--to", "adpcm", plain_file(), folder() / "x.wav"});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("It only converts the other way"));
}

TEST(AcmConvert, AsksWhatPcmShallBecome) {
    const auto result = convert_with_instdrv("msg711.acm", {plain_file(), folder() / "x.wav"});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("it is PCM already. Say with --to"));
}

TEST(AcmConvert, RefusesWrongUsageBeforeAnythingHappens) {
    EXPECT_EQ(convert_with_instdrv("msg711.acm", {"--to", "ogg", plain_file(), "-"}).status, 2);
    EXPECT_EQ(convert_with_instdrv("msg711.acm", {"--rate", "0", plain_file(), "-"}).status, 2);
    EXPECT_EQ(convert_with_instdrv("msg711.acm", {plain_file()}).status, 2);
}

}  // namespace
}  // namespace instdrv::test
