// Converts the sound of a WAV file through an ACM driver.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <functional>
#include <optional>

#include "codec/acm_driver.hpp"
#include "codec/wav_reader.hpp"
#include "codec/wav_writer.hpp"

namespace instdrv::codec {

struct ConversionReport {
    std::uint64_t bytes_in = 0;  // what the driver took
    std::uint64_t bytes_out = 0;
    std::uint64_t left_over = 0;  // bytes at the end that the driver did not take: part of a block
};

// Called now and then with the bytes read so far.
using ConversionProgress = std::function<void(std::uint64_t bytes_in)>;

// Converts all of `reader`'s sound into `format` and completes `writer`. Memory is bounded by the
// stream's two buffers. An Error, which it is too where no
// sound comes out, leaves a file of the writer unwritten.
Result<ConversionReport> convert(WavReader& reader, const AcmDriver& driver,
                                 const WaveFormat& format, WavWriter& writer,
                                 const ConversionProgress& progress = {});

// A generous bound of the bytes that `bytes` of the source become: four times what the byte rates
// of the two formats say, which need not be true.
std::uint64_t most_output(const WaveFormat& source, const WaveFormat& destination,
                          std::uint64_t bytes);

}  // namespace instdrv::codec
