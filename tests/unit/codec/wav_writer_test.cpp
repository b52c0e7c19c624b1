#include "codec/wav_writer.hpp"

#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "codec/riff.hpp"
#include "codec/wav_reader.hpp"
#include "support/temporary_folder.hpp"
#include "wav_bytes.hpp"

namespace instdrv::codec {
namespace {

using test::Bytes;
using test::sound_of;
using test::TemporaryFolder;
using test::WavBytes;

const WaveFormat mono = WaveFormat::pcm(1, 8000, 8);

WaveFormat mulaw() {
    WaveFormat format = WaveFormat::blank(WAVE_FORMAT_MULAW, 0);
    *format.header() = {WAVE_FORMAT_MULAW, 1, 8000, 8000, 1, 8, 0};
    return format;
}

OutputFile output_to(const std::filesystem::path& file) {
    return *OutputFile::create(file, OutputFile::Existing::replace);
}

Status write_wav(const std::filesystem::path& file, const WaveFormat& format, const Bytes& sound,
                 std::optional<std::uint64_t> most, std::uint64_t limit = UINT32_MAX) {
    auto writer = WavWriter::create(output_to(file), format, most, limit);
    if (!writer) return failure(writer.error());
    if (const Status written = writer->write(sound); !written) return written;
    return writer->finish(sound.size());
}

TEST(WavWriter, WritesPlainPcm) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_wav(folder / "a.wav", mono, sound_of(9), 9));
    const auto expected = WavBytes().format(mono).chunk("data", sound_of(9)).right_riff_size();
    EXPECT_EQ(read_file(folder / "a.wav"), expected.bytes());
}

TEST(WavWriter, CountsTheSamplesOfCompressedSound) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_wav(folder / "a.wav", mulaw(), sound_of(8), 8));
    const auto expected =
        WavBytes().format(mulaw()).fact(8).chunk("data", sound_of(8)).right_riff_size();
    EXPECT_EQ(read_file(folder / "a.wav"), expected.bytes());
}

TEST(WavWriter, WritesNothingWithoutFinish) {
    const TemporaryFolder folder;
    {
        auto writer = WavWriter::create(output_to(folder / "a.wav"), mono, 9);
        ASSERT_TRUE(writer && writer->write(sound_of(9)));
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(WavWriter, BecomesRf64BeyondTheLimit) {
    const TemporaryFolder folder;
    for (const WaveFormat& format : {mono, mulaw()}) {
        ASSERT_TRUE(write_wav(folder / "a.wav", format, sound_of(301), std::nullopt, 300));
        const auto content = read_file(folder / "a.wav");
        ASSERT_TRUE(content);
        EXPECT_EQ(std::memcmp(content->data(), "RF64\xFF\xFF\xFF\xFFWAVEds64", 16), 0);
        auto reader = test::read_wav(folder / "a.wav");
        ASSERT_TRUE(reader) << reader.error().text();
        EXPECT_EQ(reader->data_bytes(), 301u);
        EXPECT_EQ(reader->samples(), 301u);
        EXPECT_EQ(reader->format(), format);
    }
}

TEST(WavWriter, StaysRiffWhereItMightHaveGrown) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_wav(folder / "a.wav", mono, sound_of(9), std::nullopt));
    auto reader = test::read_wav(folder / "a.wav");
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->data_bytes(), 9u);
}

TEST(WavWriter, FailsWhereMoreComesThanWasAnnounced) {
    const TemporaryFolder folder;
    const auto status = write_wav(folder / "a.wav", mono, sound_of(500), 10, 300);
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().cause.find("4 GiB"), std::string::npos);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(WavWriter, WritesTheStreamFormWhereItCannotGoBack) {
    const TemporaryFolder folder;
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    const Fd keeps_it_open(::open((folder / "pipe").c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_TRUE(write_wav(folder / "pipe", mulaw(), sound_of(9), std::nullopt));
    Bytes got(1000);
    const auto size = ::read(keeps_it_open.get(), got.data(), got.size());
    ASSERT_GT(size, 0);
    got.resize(static_cast<std::size_t>(size));
    Bytes expected = WavBytes()
                         .format(mulaw())
                         .fact(unknown_size)
                         .chunk("data", sound_of(9), unknown_size)
                         .riff_size(unknown_size)
                         .bytes();
    expected.pop_back();  // no padding: nothing comes after
    EXPECT_EQ(got, expected);
}

}  // namespace
}  // namespace instdrv::codec
