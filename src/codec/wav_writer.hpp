// Writes WAV files, forwards.
//
// A file gets its sizes when it is finished, and is written whole or not at all (see OutputFile). A
// file that may grow over 4 GiB begins with a JUNK chunk, which becomes the ds64 chunk of an RF64
// file if it does (EBU Tech 3306). A pipe gets the form for streams: every size is 0xFFFFFFFF.
// Formats other than PCM have a fact chunk with the number of samples of one channel.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "codec/output_file.hpp"
#include "codec/wave_format.hpp"

namespace instdrv::codec {

class WavWriter {
public:
    // Writes the header. most_bytes: of sound that will come at most, if that is known. More than
    // 4 GiB is an error where less was announced. riff_limit: the size of the whole from which on a
    // file is RF64; tests lower it.
    static Result<WavWriter> create(OutputFile file, const WaveFormat& format,
                                    std::optional<std::uint64_t> most_bytes,
                                    std::uint64_t riff_limit = UINT32_MAX);

    Status write(std::span<const std::byte> sound);
    // Completes the file. samples: of one channel, for the fact chunk.
    Status finish(std::uint64_t samples);
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

private:
    explicit WavWriter(OutputFile file) : file_(std::move(file)) {}
    Status write_header(const WaveFormat& format);
    [[nodiscard]] bool fits_riff() const noexcept;
    Status patch_sizes(std::uint64_t whole, std::uint64_t samples);
    Status patch_sizes_rf64(std::uint64_t whole, std::uint64_t samples);

    OutputFile file_;
    std::uint64_t riff_limit_ = UINT32_MAX;
    bool has_junk_ = false;
    std::uint64_t fact_at_ = 0;  // position of the fact's value; 0: no fact chunk
    std::uint64_t data_at_ = 0;  // position of the sound
    std::uint64_t bytes_ = 0;    // of sound, so far
};

}  // namespace instdrv::codec
