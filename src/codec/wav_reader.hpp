// Reads the sound of WAV files forwards in bounded memory, from files and pipes.
//
// A separate process reads the headers (wav_header.hpp), and the file may have taken it over. So
// each value of a header is checked against what is possible, and no bytes of the file but its
// sound are read here.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codec/byte_source.hpp"
#include "codec/wav_header.hpp"
#include "codec/wave_format.hpp"

namespace instdrv::codec {

class WavReader {
public:
    // The source is a pipe, read up to its sound, or a file. Fails where there is no sound, and
    // with code `broken` where the header does not fit the file or is none that read_wav_header
    // gives.
    static Result<WavReader> from(ByteSource source, WavHeader header);

    [[nodiscard]] const std::string& name() const noexcept { return source_.name(); }
    [[nodiscard]] std::optional<FileIdentity> identity() const { return source_.identity(); }
    [[nodiscard]] const WaveFormat& format() const noexcept { return format_; }
    // Bytes of sound that there are to read; nothing where only the end will tell.
    [[nodiscard]] std::optional<std::uint64_t> data_bytes() const noexcept { return data_bytes_; }
    // Samples of one channel, as the fact chunk says.
    [[nodiscard]] std::optional<std::uint64_t> samples() const noexcept { return samples_; }
    // What was put right or is missing, a clause each. Complete when the sound was read to its end.
    [[nodiscard]] const std::vector<std::string>& remarks() const noexcept { return remarks_; }

    // Fills `out` with sound; fewer bytes only at its end.
    Result<std::size_t> read(std::span<std::byte> out);
    // Was all of the sound read?
    Result<bool> at_end();

private:
    WavReader(ByteSource source, WaveFormat format, WavHeader header);
    void end_here();

    ByteSource source_;
    WaveFormat format_;
    std::optional<std::uint64_t> data_bytes_;  // there and promised
    std::optional<std::uint64_t> promised_;    // by the header
    std::uint64_t read_ = 0;
    std::optional<std::uint64_t> samples_;
    std::vector<std::string> remarks_;
};

}  // namespace instdrv::codec
