// What a parser process that a file has taken over may answer: refused, or taken for what it says,
// in memory that its size bounds.
#include <cstdint>
#include <span>

#include "memory_peak.hpp"
#include "parser/protocol.hpp"
#include "require.hpp"

using namespace instdrv;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fuzz::MemoryPeak peak;
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto file = parser::decode_driver(bytes);
    if (file && *file) require(parser::encode(*file).size() <= size);
    const auto kind = parser::decode_kind(bytes);
    if (kind && *kind) require(!image::name_of(**kind).empty());
    fuzz::require_in_proportion(peak, size);
    return 0;
}
