// Sounds to convert: made here, the same on every machine, and coded by ffmpeg.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "codec/wave_format.hpp"

namespace instdrv::test {

struct Wav {
    codec::WaveFormat format;
    std::vector<std::byte> sound;
};

// A tone that rises through the whole band, over it seeded noise and now and then full scale, which
// codecs clip differently. 16-bit PCM.
Wav make_sound(DWORD rate, WORD channels, std::size_t frames);

// announced: what the header says, where that is not the truth.
void write_wav(const std::filesystem::path& file, const Wav& wav);
void write_wav(const std::filesystem::path& file, const Wav& wav, std::uint32_t announced);
// Throws where the file is no WAV file.
Wav read_wav(const std::filesystem::path& file);

// Converts with ffmpeg; throws where that fails. options: between input and output.
void ffmpeg(const std::filesystem::path& input, const std::vector<std::string>& options,
            const std::filesystem::path& output);
// What ffmpeg decodes a file to, as 16-bit samples.
std::vector<std::int16_t> ffmpeg_decode(const std::filesystem::path& file);

std::vector<std::int16_t> samples_of(const Wav& wav);

}  // namespace instdrv::test
