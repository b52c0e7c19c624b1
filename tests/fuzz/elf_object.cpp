// A shared object of any bytes: what it says, or an Error with a cause, in memory that its size
// bounds.
#include <cstdint>
#include <span>

#include "image/elf/driver.hpp"
#include "image/elf/shared_object.hpp"
#include "memory_peak.hpp"
#include "require.hpp"

using namespace instdrv;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fuzz::MemoryPeak peak;
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto object = elf::parse_shared_object(bytes);
    require(object || !object.error().cause.empty());
    std::size_t texts = 0;
    if (object) {
        for (const auto& symbol : object->exports)
            texts += symbol.name.size();
        for (const auto name : object->needed)
            texts += name.size();
    }
    require(texts <= 4096 + 4 * size);
    for (const auto kind : {image::Kind::elf64, image::Kind::elf32}) {
        const auto valid = elf::validate_driver(bytes, kind);
        require(valid || !valid.error().cause.empty());
    }
    fuzz::require_in_proportion(peak, size);
    return 0;
}
