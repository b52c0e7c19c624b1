// The header of a WAV file, as plain values.
//
// The parser process calls this for untrusted files (parser::Parser::wav_header_of). WavReader then
// reads the sound at the place that the header gives.
//
// RIFF and RF64 (BW64) files are read, with their chunks in any order; unknown chunks are skipped.
// Real files contain wrong values, which are treated as follows:
//
//   size of the whole file       never believed; the chunks are followed to the end of the file
//   data size beyond the end     read to the end, with a remark
//   data size 0xFFFFFFFF, or 0   read to the end where the header was never finished: its size
//                                of the whole is 0, 0xFFFFFFFF, or ends where the sound begins
//   data size 0 otherwise        an error: there is no sound
//   sound before the format      read from a file, an error from a pipe
//   several fmt or data chunks   the first one counts
//   a chunk beyond the end       ends the file
//   an odd chunk                 is followed by a byte of padding, except at the end of the file
//   the format itself            see WaveFormat::parse
//   fact                         sample count, known if it comes before the sound or in a file
//
// Errors are: another container, no format, no sound, a cut header, a format over 64 KiB.
//
// https://learn.microsoft.com/windows/win32/xaudio2/resource-interchange-file-format--riff-
// https://tech.ebu.ch/docs/tech/tech3306v1_1.pdf (RF64)
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace instdrv::codec {

class ByteSource;

struct WavHeader {
    std::vector<std::byte>
        format;                    // the content of its format chunk, put right (WaveFormat::chunk)
    std::uint64_t data_start = 0;  // bytes from where reading began to the sound
    // Bytes of sound according to the header; std::nullopt: up to the end of the file.
    std::optional<std::uint64_t> data_size;
    std::optional<std::uint64_t> samples;  // of one channel, as the fact chunk says
    std::vector<std::string> remarks;      // what was put right, a clause each
};

// From the beginning of the source. A pipe is left where its sound begins, a file anywhere.
Result<WavHeader> read_wav_header(ByteSource& source);

}  // namespace instdrv::codec
