#include "codec/wav_reader.hpp"

#include <random>

#include <gtest/gtest.h>

#include "codec/riff.hpp"
#include "wav_bytes.hpp"

namespace instdrv::codec {
namespace {

using test::Bytes;
using test::file_source;
using test::pipe_source;
using test::sound_of;
using test::WavBytes;

const WaveFormat mono = WaveFormat::pcm(1, 8000, 8);

WaveFormat mulaw() {
    WaveFormat format = WaveFormat::blank(WAVE_FORMAT_MULAW, 0);
    *format.header() = {WAVE_FORMAT_MULAW, 1, 8000, 8000, 1, 8, 0};
    return format;
}

struct Reading {
    Bytes sound;
    std::vector<std::string> remarks;
    std::string error;
    std::optional<std::uint64_t> announced;
    std::optional<std::uint64_t> samples;
};

Reading read_all(ByteSource source) {
    auto reader = test::read_wav(std::move(source));
    if (!reader) return {.error = reader.error().text()};
    Reading reading{.announced = reader->data_bytes(), .samples = reader->samples()};
    while (!reader->at_end().value_or(true)) {
        Bytes piece(7);  // odd, so that pieces straddle everything
        piece.resize(reader->read(piece).value_or(0));
        reading.sound.insert(reading.sound.end(), piece.begin(), piece.end());
    }
    reading.remarks = reader->remarks();
    return reading;
}

// Most files read the same from a file and from a pipe.
Reading read_both(const Bytes& bytes) {
    auto from_file = read_all(file_source(bytes));
    const auto from_pipe = read_all(pipe_source(bytes));
    EXPECT_EQ(from_file.sound, from_pipe.sound);
    EXPECT_EQ(from_file.error.empty(), from_pipe.error.empty())
        << from_file.error << from_pipe.error;
    return from_file;
}

TEST(WavReader, LooksAtNoMoreChunksThanRecordersWrite) {
    WavBytes wav;
    for (int i = 0; i < 10'001; ++i)
        wav.chunk("junk", {});
    EXPECT_NE(read_all(file_source(wav.format(mono).chunk("data", sound_of(4)).bytes()))
                  .error.find("more than 10000 chunks"),
              std::string::npos);
}

TEST(WavReader, ReadsTheSoundOfAPlainFile) {
    const auto wav = WavBytes().format(mono).chunk("data", sound_of(20)).right_riff_size();
    const auto reading = read_both(wav.bytes());
    EXPECT_EQ(reading.sound, sound_of(20));
    EXPECT_EQ(reading.announced, 20u);
    EXPECT_TRUE(reading.remarks.empty());
}

TEST(WavReader, PassesOverUnknownChunksAndTheirPadding) {
    const auto wav = WavBytes()
                         .chunk("LIST", sound_of(7))
                         .format(mono)
                         .chunk("bext", sound_of(11))
                         .chunk("data", sound_of(9))
                         .chunk("id3 ", sound_of(5))
                         .right_riff_size();
    EXPECT_EQ(read_both(wav.bytes()).sound, sound_of(9));
}

TEST(WavReader, TakesTheSampleCountOfFactBeforeAndBehindTheSound) {
    const auto before = WavBytes().format(mulaw()).fact(15).chunk("data", sound_of(16));
    EXPECT_EQ(read_all(pipe_source(before.bytes())).samples, 15u);
    const auto behind = WavBytes().format(mulaw()).chunk("data", sound_of(16)).fact(15);
    EXPECT_EQ(read_all(file_source(behind.bytes())).samples, 15u);
    EXPECT_EQ(read_all(pipe_source(behind.bytes())).samples, std::nullopt);
}

TEST(WavReader, NeverBelievesTheSizeOfTheWhole) {
    for (const std::uint32_t size : {0u, 4u, 1000000u, unknown_size}) {
        const auto wav = WavBytes().format(mono).chunk("data", sound_of(20)).riff_size(size);
        EXPECT_EQ(read_both(wav.bytes()).sound, sound_of(20));
    }
}

TEST(WavReader, ReadsSoundThatEndsEarlyAndSaysSo) {
    const auto wav = WavBytes().format(mono).chunk("data", sound_of(20), 50);
    const auto reading = read_both(wav.bytes());
    EXPECT_EQ(reading.sound, sound_of(20));
    EXPECT_EQ(reading.remarks, std::vector<std::string>{"the sound ends early, bytes missing: 30"});
    EXPECT_EQ(read_all(pipe_source(wav.bytes())).remarks, reading.remarks);
}

TEST(WavReader, ReadsUnfinishedHeadersToTheEnd) {
    const auto stream = WavBytes().format(mono).chunk("data", sound_of(20), unknown_size);
    EXPECT_EQ(read_both(stream.bytes()).sound, sound_of(20));
    const auto zeros = WavBytes().format(mono).chunk("data", sound_of(20), 0);
    EXPECT_EQ(read_both(zeros.bytes()).sound, sound_of(20));
    const auto crashed = WavBytes().format(mono).chunk("data", sound_of(20), 0).riff_size(36);
    EXPECT_EQ(read_both(crashed.bytes()).sound, sound_of(20));
}

TEST(WavReader, SaysWhenThereIsNoSound) {
    const std::string none = "read file.wav: there is no sound in it";
    EXPECT_EQ(read_both(WavBytes().format(mono).bytes()).error, none);
    EXPECT_EQ(read_both(WavBytes().format(mono).chunk("data", {}).bytes()).error, none);
    const auto followed =
        WavBytes().format(mono).chunk("data", {}).chunk("LIST", sound_of(8)).right_riff_size();
    EXPECT_EQ(read_both(followed.bytes()).error, none);
}

TEST(WavReader, ReadsSoundBeforeItsFormatFromFilesOnly) {
    const auto wav = WavBytes().chunk("data", sound_of(9)).format(mono).right_riff_size();
    EXPECT_EQ(read_all(file_source(wav.bytes())).sound, sound_of(9));
    EXPECT_EQ(read_all(pipe_source(wav.bytes())).error,
              "read pipe: the sound comes before its format. Read it from a file: a pipe cannot be "
              "read twice");
}

TEST(WavReader, UsesTheFirstOfSeveralFormatsAndSounds) {
    const auto wav = WavBytes()
                         .format(mono)
                         .format(WaveFormat::pcm(2, 44100, 16))
                         .chunk("data", sound_of(8))
                         .chunk("data", sound_of(30));
    EXPECT_EQ(read_both(wav.bytes()).sound, sound_of(8));
    EXPECT_EQ(test::read_wav(file_source(wav.bytes()))->format(), mono);
}

TEST(WavReader, ReadsRf64) {
    for (const char* name : {"RF64", "BW64"}) {
        Bytes sizes;
        append(sizes, Ds64{100, 18, 18, 0});
        const auto wav = WavBytes(name)
                             .chunk("ds64", sizes)
                             .format(mono)
                             .chunk("data", sound_of(18), unknown_size)
                             .chunk("LIST", sound_of(6))
                             .riff_size(unknown_size);
        const auto reading = read_both(wav.bytes());
        EXPECT_EQ(reading.sound, sound_of(18));
        EXPECT_EQ(reading.samples, 18u);
    }
}

TEST(WavReader, NamesWhatAnotherFileIs) {
    EXPECT_EQ(read_both(test::bytes_of("")).error,
              "read file.wav: the file ends inside its first 12 bytes. Give a WAV file (RIFF or "
              "RF64)");
    EXPECT_EQ(read_both(test::bytes_of("OggS, and more than twelve bytes")).error,
              "read file.wav: this is no WAV file. Give a WAV file (RIFF or RF64)");
    EXPECT_NE(read_both(WavBytes("RIFX").bytes()).error.find("big-endian"), std::string::npos);
    EXPECT_NE(read_both(WavBytes("RIFF", "AVI ").bytes()).error.find("'AVI '"), std::string::npos);
    EXPECT_EQ(read_both(WavBytes().chunk("data", sound_of(9)).bytes()).error.empty(), false);
}

TEST(WavReader, RefusesFormatsOfAbsurdSizeWithoutReadingThem) {
    const auto wav = WavBytes().chunk("fmt ", sound_of(16), 0x7FFFFFFF).chunk("data", sound_of(4));
    EXPECT_EQ(read_both(wav.bytes()).error, "read file.wav: the format chunk has 2147483647 bytes");
}

TEST(WavReader, SurvivesEveryTruncation) {
    const auto whole =
        WavBytes().chunk("LIST", sound_of(5)).format(mulaw()).fact(20).chunk("data", sound_of(20));
    const std::size_t sound_at = whole.bytes().size() - 20;
    for (std::size_t size = 0; size < whole.bytes().size(); ++size) {
        const auto reading = read_both(Bytes(whole.bytes().begin(), whole.bytes().begin() + size));
        EXPECT_EQ(reading.error.empty(), size > sound_at) << size;
    }
}

TEST(WavReader, SurvivesDamage) {
    const auto whole =
        WavBytes().chunk("LIST", sound_of(5)).format(mulaw()).fact(20).chunk("data", sound_of(20));
    std::mt19937 random(20240501);
    for (int round = 0; round < 3000; ++round) {
        Bytes damaged = whole.bytes();
        for (int flips = 0; flips < 3; ++flips) {
            damaged[random() % damaged.size()] = static_cast<std::byte>(random());
        }
        const auto reading = read_all(file_source(damaged));
        EXPECT_LE(reading.sound.size(), damaged.size());
        EXPECT_EQ(reading.error.empty(), !reading.sound.empty());
    }
}

// ---- headers of a parser process that the file has taken over -----------------------------------

class LyingHeader : public testing::Test {
protected:
    // What comes of that header with a file of 20 bytes of sound.
    static Result<WavReader> read_with(const WavHeader& header) {
        return WavReader::from(file_source(file().bytes()), header);
    }
    static WavBytes file() { return WavBytes().format(mono).chunk("data", sound_of(20)); }
    static void expect_refused(const WavHeader& header) {
        const auto reader = read_with(header);
        ASSERT_FALSE(reader);
        EXPECT_EQ(reader.error().code, ErrorCode::broken);
        EXPECT_EQ(reader.error().driver, "file.wav");
    }

    const WavHeader honest_ = *test::header_of(file_source(file().bytes()));
};

TEST_F(LyingHeader, IsRefusedWhereItIsNoneThatCanBe) {
    auto header = honest_;
    header.data_start = file().bytes().size() + 1;
    expect_refused(header);
    header.data_start = UINT64_MAX;
    expect_refused(header);
    header = honest_;
    header.data_size = 0;
    expect_refused(header);
    header = honest_;
    header.remarks.assign(1000, "again and again");
    expect_refused(header);
}

TEST_F(LyingHeader, IsRefusedWithAFormatThatIsNotRight) {
    for (std::size_t size = 0; size < honest_.format.size(); ++size) {
        auto header = honest_;
        header.format.resize(size);
        expect_refused(header);
    }
    for (const std::size_t field : {2u, 4u, 8u, 12u}) {  // channels, rate, byte rate, block size
        auto header = honest_;
        header.format[field] = {};
        header.format[field + 1] = {};
        expect_refused(header);
    }
    auto header = honest_;
    header.format.resize(1 << 20);
    expect_refused(header);
}

TEST_F(LyingHeader, GivesNoMoreThanTheFileHolds) {
    auto header = honest_;
    header.data_size = UINT64_MAX;
    header.data_start += 5;
    auto reader = read_with(header);
    ASSERT_TRUE(reader) << reader.error().text();
    EXPECT_EQ(reader->data_bytes(), 15u);
    Bytes sound(100);
    EXPECT_EQ(reader->read(sound), 15u);
    header.data_start = file().bytes().size();
    EXPECT_EQ(read_with(header).error().text(), "read file.wav: there is no sound in it");
}

}  // namespace
}  // namespace instdrv::codec
