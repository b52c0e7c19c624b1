// What a parser process that a file has taken over may answer: refused, or taken for what it says,
// in memory that its size bounds.
#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

#include "codec/wav_reader.hpp"
#include "memory_peak.hpp"
#include "parser/protocol.hpp"
#include "require.hpp"

using namespace instdrv;
using fuzz::require;

namespace {

// A header that is believed leads to no byte that a file of this size does not have.
void read_with(const codec::WavHeader& header) {
    constexpr std::size_t file_size = 100;
    Fd file(::memfd_create("wav", MFD_CLOEXEC));
    require(::ftruncate(file.get(), file_size) == 0);
    auto source = codec::ByteSource::from(std::move(file), "fuzz");
    require(source.has_value());
    auto reader = codec::WavReader::from(*std::move(source), header);
    if (!reader) return require(!reader.error().cause.empty());
    std::array<std::byte, file_size + 1> sound{};
    require(reader->read(sound).value_or(0) == file_size - header.data_start ||
            header.data_size.value_or(file_size) < file_size);
    require(reader->at_end().value_or(false));
    require(reader->format().block_align() != 0 && reader->format().bytes_per_second() != 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fuzz::MemoryPeak peak;
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto file = parser::decode_driver(bytes);
    if (file && *file) require(parser::encode(*file).size() <= size);
    const auto kind = parser::decode_kind(bytes);
    if (kind && *kind) require(!image::name_of(**kind).empty());
    const auto header = parser::decode_wav(bytes);
    if (header && *header) require(parser::encode(*header).size() <= size);
    fuzz::require_in_proportion(peak, size);
    if (header && *header) read_with(**header);
    return 0;
}
