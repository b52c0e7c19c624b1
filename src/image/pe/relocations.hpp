// Stage 3: base relocations, the places that hold absolute addresses.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <span>
#include <vector>

#include "image/pe/image_view.hpp"

namespace instdrv::pe {

enum class RelocationKind : std::uint8_t {
    absolute = 0,  // padding; never listed
    high = 1,      // the high half of a 32-bit address
    low = 2,       // its low half
    high_low = 3,  // a 32-bit address
    high_adj = 4,  // the high half; `low_half` says what the low half would be
    dir64 = 10,    // a 64-bit address
};

struct Relocation {
    Rva rva = 0;
    RelocationKind kind = RelocationKind::absolute;
    std::uint16_t low_half = 0;  // high_adj only
};

// All relocations in file order, padding left out. Empty when the image has none. Every target lies
// inside the image; kinds of other machines are an error.
Result<std::vector<Relocation>> parse_relocations(const ImageView& view);

// Adds `delta` (address mapped at - image_base, modulo 2^64) to every target. `mapped` is the image
// laid out by RVA and writable. Targets are checked against it again: it fails without a crash if
// the relocations are another image's.
Status apply_relocations(std::span<const Relocation> relocations, std::span<std::byte> mapped,
                         std::uint64_t delta);

}  // namespace instdrv::pe
