#include "codec/wave_format.hpp"

#include <gtest/gtest.h>

#include "codec/riff.hpp"
#include "codec/wave_check.hpp"
#include "wav_bytes.hpp"

namespace instdrv::codec {
namespace {

using test::Bytes;

struct RawFormat {
    WAVEFORMATEX header{WAVE_FORMAT_PCM, 2, 44100, 176400, 4, 16, 0};
    Bytes extra;

    [[nodiscard]] Bytes bytes() const {
        Bytes out;
        append(out, header);
        out.insert(out.end(), extra.begin(), extra.end());
        return out;
    }
};

RawFormat raw_adpcm() {
    RawFormat raw{{WAVE_FORMAT_ADPCM, 2, 22050, 22311, 1024, 4, 32}, {}};
    append(raw.extra, WORD{1012});
    append(raw.extra, WORD{7});
    raw.extra.resize(32);
    return raw;
}

RawFormat raw_with_samples(WORD tag, WORD block, WORD samples, WORD bits) {
    RawFormat raw{{tag, 1, 8000, 4055, block, bits, 2}, {}};
    append(raw.extra, samples);
    return raw;
}

RawFormat raw_mp3(DWORD bytes_per_second) {
    return {{WAVE_FORMAT_MPEGLAYER3, 2, 44100, bytes_per_second, 1, 0, 12}, Bytes(12)};
}

Result<WaveFormat> parse(const RawFormat& raw) {
    std::vector<std::string> remarks;
    return WaveFormat::parse(raw.bytes(), remarks);
}

std::string cause_of(const RawFormat& raw) {
    const auto format = parse(raw);
    return format ? "accepted" : format.error().cause;
}

TEST(FormatTag, IsKnownByNameAndNumber) {
    EXPECT_EQ(parse_tag("ima-adpcm"), WAVE_FORMAT_IMA_ADPCM);
    EXPECT_EQ(parse_tag("GSM610"), WAVE_FORMAT_GSM610);
    EXPECT_EQ(parse_tag("0x55"), WAVE_FORMAT_MPEGLAYER3);
    EXPECT_EQ(parse_tag("7"), WAVE_FORMAT_MULAW);
    EXPECT_EQ(parse_tag("ogg"), std::nullopt);
    EXPECT_EQ(parse_tag(""), std::nullopt);
    EXPECT_EQ(parse_tag("0x"), std::nullopt);
    EXPECT_EQ(parse_tag("0x10000"), std::nullopt);
    EXPECT_EQ(name_of_tag(WAVE_FORMAT_ALAW), "alaw");
    EXPECT_EQ(name_of_tag(0x4321), "0x4321");
}

TEST(WaveFormat, PcmFollowsFromThreeNumbers) {
    const auto format = WaveFormat::pcm(2, 44100, 16);
    EXPECT_EQ(format.block_align(), 4);
    EXPECT_EQ(format.bytes_per_second(), 176400u);
    EXPECT_EQ(format.chunk().size(), 16u);
    EXPECT_EQ(format.text(), "PCM, 44100 Hz, stereo, 16 bits");
}

TEST(WaveFormat, KeepsTheExtraBytesOfCompressedFormats) {
    const auto format = parse(raw_adpcm());
    ASSERT_TRUE(format) << format.error().text();
    EXPECT_EQ(format->chunk().size(), 50u);
    EXPECT_EQ(format->extra().size(), 32u);
    EXPECT_EQ(format->text(), "Microsoft ADPCM, 22050 Hz, stereo, 4 bits");
}

TEST(WaveFormat, ReadsPcmOf16Bytes) {
    Bytes chunk = RawFormat{}.bytes();
    chunk.resize(16);
    std::vector<std::string> remarks;
    const auto format = WaveFormat::parse(chunk, remarks);
    ASSERT_TRUE(format);
    EXPECT_EQ(*format, WaveFormat::pcm(2, 44100, 16));
    EXPECT_TRUE(remarks.empty());
}

TEST(WaveFormat, MendsPcmSizesThatDoNotFit) {
    RawFormat raw;
    raw.header.nBlockAlign = 0;
    raw.header.nAvgBytesPerSec = 12345;
    std::vector<std::string> remarks;
    const auto format = WaveFormat::parse(raw.bytes(), remarks);
    ASSERT_TRUE(format);
    EXPECT_EQ(*format, WaveFormat::pcm(2, 44100, 16));
    EXPECT_EQ(remarks.size(), 2u);
}

TEST(WaveFormat, ReadsNoMoreExtraBytesThanThereAre) {
    RawFormat raw = raw_adpcm();
    raw.header.cbSize = 60000;
    std::vector<std::string> remarks;
    const auto format = WaveFormat::parse(raw.bytes(), remarks);
    ASSERT_TRUE(format);
    EXPECT_EQ(format->extra().size(), 32u);
    EXPECT_EQ(format->header()->cbSize, 32);
    EXPECT_EQ(remarks.size(), 1u);
}

TEST(WaveFormat, PlainExtensiblePcmBecomesPcm) {
    constexpr std::array<BYTE, 16> pcm_guid = {0x01, 0, 0, 0,    0, 0,    0x10, 0,
                                               0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71};
    WAVEFORMATEXTENSIBLE raw{{WAVE_FORMAT_EXTENSIBLE, 2, 48000, 192000, 4, 16, 22}, 16, 3, {}};
    std::ranges::copy(pcm_guid, raw.SubFormat);
    std::vector<std::string> remarks;
    const auto format = WaveFormat::parse(std::as_bytes(std::span(&raw, 1)), remarks);
    ASSERT_TRUE(format);
    EXPECT_EQ(*format, WaveFormat::pcm(2, 48000, 16));

    raw.wValidBitsPerSample = 12;
    const auto special = WaveFormat::parse(std::as_bytes(std::span(&raw, 1)), remarks);
    ASSERT_TRUE(special);
    EXPECT_EQ(special->tag(), WAVE_FORMAT_EXTENSIBLE);
}

TEST(WaveFormat, RefusesWhatMakesNoSense) {
    std::vector<std::string> remarks;
    EXPECT_FALSE(WaveFormat::parse(Bytes(15), remarks));
    RawFormat raw;
    raw.header.nChannels = 0;
    EXPECT_EQ(cause_of(raw), "the format has 0 channels");
    raw = {};
    raw.header.nSamplesPerSec = 0;
    EXPECT_EQ(cause_of(raw), "the format has a sample rate of 0 Hz");
    raw = {};
    raw.header.wBitsPerSample = 0;
    EXPECT_EQ(cause_of(raw), "PCM with 0 bits per sample");
    raw = {};
    raw.header.nChannels = 65535;
    EXPECT_EQ(cause_of(raw), "PCM with 65535 channels of 16 bits");
    raw = raw_adpcm();
    raw.header.nBlockAlign = 0;
    EXPECT_EQ(cause_of(raw), "the format has a block size of 0");
}

TEST(WaveFormat, RefusesCompressedFormatsThatWouldLeadADriverAstray) {
    RawFormat raw = raw_adpcm();
    raw.extra.resize(31);
    EXPECT_EQ(cause_of(raw),
              "Microsoft ADPCM needs 32 extra bytes in its format chunk, 31 are there");
    raw = raw_adpcm();
    raw.header.nBlockAlign = 13;
    EXPECT_EQ(cause_of(raw),
              "a block of 13 bytes cannot hold 1012 samples of Microsoft ADPCM, 22050 Hz, stereo, "
              "4 bits");
    raw = raw_adpcm();
    raw.header.wBitsPerSample = 16;
    EXPECT_EQ(cause_of(raw), "Microsoft ADPCM has 4 bits per sample, this file says 16");

    EXPECT_EQ(cause_of(raw_with_samples(WAVE_FORMAT_IMA_ADPCM, 256, 505, 4)), "accepted");
    EXPECT_NE(cause_of(raw_with_samples(WAVE_FORMAT_IMA_ADPCM, 256, 506, 4)), "accepted");
    EXPECT_NE(cause_of(raw_with_samples(WAVE_FORMAT_IMA_ADPCM, 256, 0, 4)), "accepted");
    EXPECT_EQ(cause_of(raw_with_samples(WAVE_FORMAT_GSM610, 65, 320, 0)), "accepted");
    EXPECT_NE(cause_of(raw_with_samples(WAVE_FORMAT_GSM610, 64, 320, 0)), "accepted");
    EXPECT_NE(cause_of({{WAVE_FORMAT_ALAW, 2, 8000, 16000, 1, 8, 0}, {}}), "accepted");
}

TEST(WaveFormat, MendsByteRatesThatFollowFromTheBlock) {
    std::vector<std::string> remarks;
    RawFormat raw = raw_with_samples(WAVE_FORMAT_GSM610, 65, 320, 0);
    raw.header.nSamplesPerSec = 22050;
    raw.header.nAvgBytesPerSec = 1625;  // as ffmpeg writes it, for 8000 Hz
    EXPECT_EQ(WaveFormat::parse(raw.bytes(), remarks)->bytes_per_second(), 4478u);
    EXPECT_EQ(remarks, std::vector<std::string>{"its byte rate is 4478, not 1625"});
    raw = raw_adpcm();
    raw.header.nAvgBytesPerSec = 22312;  // rounded the other way
    EXPECT_EQ(parse(raw)->bytes_per_second(), 22312u);
    raw.header.nSamplesPerSec = UINT32_MAX;
    EXPECT_EQ(cause_of(raw), "4345895760 bytes per second");
}

TEST(WaveFormat, GivesMp3AByteRateThatCanBeDividedBy) {
    for (const DWORD wrong : {0u, 1u, 0xFFFFFFFFu}) {
        const auto format = parse(raw_mp3(wrong));
        ASSERT_TRUE(format);
        EXPECT_EQ(format->bytes_per_second(), 16000u);
    }
    EXPECT_EQ(parse(raw_mp3(8000))->bytes_per_second(), 8000u);
}

}  // namespace
}  // namespace instdrv::codec
