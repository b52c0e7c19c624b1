// WAV files, read forwards in bounded memory, from files and pipes.
//
// Read are RIFF and RF64 (BW64) files with their chunks in any order; unknown chunks are passed
// over. Real files lie, so this is what is believed and what is not:
//
//   size of the whole file       never believed; the chunks are followed to the end of the file
//   data size beyond the end     read to the end, with a remark
//   data size 0xFFFFFFFF, or 0   read to the end where the header was never finished: its size of
//   the
//                                whole is 0, 0xFFFFFFFF, or ends where the sound begins
//   data size 0 otherwise        an error: there is no sound
//   sound before the format      read from a file, an error from a pipe
//   several fmt or data chunks   the first one counts
//   a chunk beyond the end       ends the file
//   an odd chunk                 is followed by a byte of padding, except at the end of the file
//   the format itself            see WaveFormat::parse
//   fact                         sample count, known if it comes before the sound or in a file
//
// An error are: another container, no format, no sound, a cut header, a format over 64 KiB.
//
// https://learn.microsoft.com/windows/win32/xaudio2/resource-interchange-file-format--riff-
// https://tech.ebu.ch/docs/tech/tech3306v1_1.pdf (RF64)
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codec/byte_source.hpp"
#include "codec/wave_format.hpp"

namespace instdrv::codec {

class WavReader {
public:
    // Reads up to the sound. "-" is standard input.
    static Result<WavReader> open(const std::filesystem::path& file);
    static Result<WavReader> from(ByteSource source);

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
    class Header;
    WavReader(ByteSource source, WaveFormat format)
        : source_(std::move(source)), format_(std::move(format)) {}
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
