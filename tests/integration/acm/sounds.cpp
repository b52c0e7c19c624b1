#include "sounds.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <numbers>
#include <random>
#include <stdexcept>

#include "codec/riff.hpp"
#include "codec/wav_reader.hpp"
#include "support/command.hpp"

namespace instdrv::test {
namespace {

void append_chunk(std::vector<std::byte>& file, std::string_view name,
                  std::span<const std::byte> content, std::uint32_t announced) {
    codec::append(file, name);
    codec::append(file, announced);
    file.insert(file.end(), content.begin(), content.end());
    if (content.size() % 2 != 0 && announced == content.size()) file.emplace_back();
}

void must(const CommandResult& result) {
    if (result.status != 0) throw std::runtime_error("ffmpeg: " + result.err);
}

std::vector<std::int16_t> samples_in(std::span<const std::byte> bytes) {
    std::vector<std::int16_t> samples(bytes.size() / sizeof(std::int16_t));
    std::memcpy(samples.data(), bytes.data(), samples.size() * sizeof(std::int16_t));
    return samples;
}

}  // namespace

Wav make_sound(DWORD rate, WORD channels, std::size_t frames) {
    std::mt19937 random(rate + channels);
    Wav wav{codec::WaveFormat::pcm(channels, rate, 16), {}};
    double phase = 0;
    for (std::size_t i = 0; i < frames; ++i) {
        const double place = static_cast<double>(i) / static_cast<double>(frames);
        phase += std::numbers::pi * place * place;
        const double loudness = i % 5000 < 100 ? 40000 : 4000 + 16000 * place;
        for (int channel = 0; channel < channels; ++channel) {
            const double noise = static_cast<double>(random() % 2001) - 1000;
            const double value = loudness * std::sin(phase + channel) + noise;
            codec::append(wav.sound,
                          static_cast<std::int16_t>(std::clamp(value, -32768.0, 32767.0)));
        }
    }
    return wav;
}

void write_wav(const std::filesystem::path& file, const Wav& wav) {
    write_wav(file, wav, static_cast<std::uint32_t>(wav.sound.size()));
}

void write_wav(const std::filesystem::path& file, const Wav& wav, std::uint32_t announced) {
    std::vector<std::byte> content;
    codec::append(content, std::string_view("RIFF"));
    codec::append(content, static_cast<std::uint32_t>(announced + 20 + wav.format.chunk().size()));
    codec::append(content, std::string_view("WAVE"));
    append_chunk(content, "fmt ", wav.format.chunk(),
                 static_cast<std::uint32_t>(wav.format.chunk().size()));
    append_chunk(content, "data", wav.sound, announced);
    std::ofstream stream(file, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(content.data()),
                 static_cast<std::streamsize>(content.size()));
}

Wav read_wav(const std::filesystem::path& file) {
    auto reader = codec::ByteSource::open(file).and_then([](codec::ByteSource source) {
        return codec::read_wav_header(source).and_then([&](codec::WavHeader header) {
            return codec::WavReader::from(std::move(source), std::move(header));
        });
    });
    if (!reader) throw std::runtime_error(reader.error().text());
    Wav wav{reader->format(), std::vector<std::byte>(reader->data_bytes().value_or(0))};
    wav.sound.resize(reader->read(wav.sound).value_or(0));
    return wav;
}

void ffmpeg(const std::filesystem::path& input, const std::vector<std::string>& options,
            const std::filesystem::path& output) {
    std::vector<std::string> arguments = {"ffmpeg", "-v", "error", "-y", "-i", input.string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back(output.string());
    must(run({.arguments = arguments}));
}

std::vector<std::int16_t> ffmpeg_decode(const std::filesystem::path& file) {
    const auto result = run({.arguments = {"ffmpeg", "-v", "error", "-i", file.string(), "-f",
                                           "s16le", "-acodec", "pcm_s16le", "-"}});
    must(result);
    return samples_in(std::as_bytes(std::span(result.out)));
}

std::vector<std::int16_t> samples_of(const Wav& wav) { return samples_in(wav.sound); }

}  // namespace instdrv::test
