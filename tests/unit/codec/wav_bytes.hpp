// WAV files put together by hand, right and wrong ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/byte_source.hpp"
#include "codec/wav_header.hpp"
#include "codec/wav_reader.hpp"
#include "codec/wave_format.hpp"

namespace instdrv::test {

using Bytes = std::vector<std::byte>;

Bytes bytes_of(std::string_view text);
Bytes sound_of(std::size_t size);  // 1, 2, 3, ...

class WavBytes {
public:
    explicit WavBytes(std::string_view riff = "RIFF", std::string_view form = "WAVE");
    // size: what the header says, where that is not the truth.
    WavBytes& chunk(std::string_view name, const Bytes& content,
                    std::optional<std::uint32_t> size = std::nullopt);
    WavBytes& format(const codec::WaveFormat& format);
    WavBytes& fact(std::uint32_t samples);
    WavBytes& riff_size(std::uint32_t size);
    WavBytes& right_riff_size();
    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

private:
    Bytes bytes_;
};

// The same bytes through a file and through a pipe.
codec::ByteSource file_source(const Bytes& content);
codec::ByteSource pipe_source(const Bytes& content);  // at most 64 KiB

// Reads the header as the parser process does, which has the same file, and then this the sound.
Result<codec::WavHeader> header_of(const codec::ByteSource& source);
Result<codec::WavReader> read_wav(codec::ByteSource source);
Result<codec::WavReader> read_wav(const std::filesystem::path& file);

}  // namespace instdrv::test
