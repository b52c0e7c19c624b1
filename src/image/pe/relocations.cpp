#include "image/pe/relocations.hpp"

#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "image/bad_image.hpp"
#include "image/pe/image_view.hpp"

namespace instdrv::pe {

using image::damaged;

namespace {

constexpr std::string_view relocation_table_name = "its relocation table";

// A block describes one page of 4096 bytes, most of them with an address: no honest block comes
// near. The limit keeps zero fill from being read as millions of entries.
constexpr std::uint32_t max_block_size = 64 * 1024;

struct BlockHeader {
    Rva page;
    std::uint32_t size;  // with this header
};

// Bytes at the target; nothing for a kind that no x86 image has.
std::optional<std::size_t> width_of(RelocationKind kind) noexcept {
    switch (kind) {
        case RelocationKind::absolute: return 0;
        case RelocationKind::high:
        case RelocationKind::low:
        case RelocationKind::high_adj: return 2;
        case RelocationKind::high_low: return 4;
        case RelocationKind::dir64: return 8;
    }
    return std::nullopt;
}

// Appends the relocations of one block, whose entries are at [from, to).
Status parse_block(const ImageView& view, Rva page, std::uint64_t from, std::uint64_t to,
                   image::Allowance& allowance, std::vector<Relocation>& relocations) {
    if (!allowance.take(sizeof(BlockHeader) + (to - from)))
        return image::repeats_itself(relocation_table_name);
    for (; from < to; from += 2) {
        const auto entry = view.read<std::uint16_t>(from);
        if (!entry) return damaged(relocation_table_name, "it reaches beyond the image");
        const auto kind = static_cast<RelocationKind>(*entry >> 12);
        const auto width = width_of(kind);
        if (!width)
            return damaged(relocation_table_name, fmt::format("unknown kind {}", *entry >> 12));
        if (kind == RelocationKind::absolute) continue;
        const std::uint64_t target = std::uint64_t{page} + (*entry & 0xFFF);
        if (!view.contains(target, *width)) {
            return damaged(relocation_table_name,
                           fmt::format("address {:#x} lies outside of the image", target));
        }
        Relocation relocation{.rva = static_cast<Rva>(target), .kind = kind};
        if (kind == RelocationKind::high_adj) {
            from += 2;
            const auto low_half = view.read<std::uint16_t>(from);
            if (from >= to || !low_half)
                return damaged(relocation_table_name, "an entry is cut off");
            relocation.low_half = *low_half;
        }
        relocations.push_back(relocation);
    }
    return {};
}

template <class T>
void add(std::byte* target, T amount) noexcept {
    T value;
    std::memcpy(&value, target, sizeof value);
    value = static_cast<T>(value + amount);
    std::memcpy(target, &value, sizeof value);
}

// The high half of an address of which the relocation holds the low one, rounded as it was.
void add_high_adjusted(std::byte* target, std::uint16_t low_half, std::uint32_t delta) noexcept {
    std::uint16_t high_half = 0;
    std::memcpy(&high_half, target, sizeof high_half);
    const auto low = static_cast<std::uint32_t>(static_cast<std::int16_t>(low_half));
    const std::uint32_t address = (std::uint32_t{high_half} << 16) + low + delta + 0x8000;
    high_half = static_cast<std::uint16_t>(address >> 16);
    std::memcpy(target, &high_half, sizeof high_half);
}

void apply(const Relocation& relocation, std::byte* target, std::uint64_t delta) noexcept {
    switch (relocation.kind) {
        case RelocationKind::absolute: break;
        case RelocationKind::high: add(target, static_cast<std::uint16_t>(delta >> 16)); break;
        case RelocationKind::low: add(target, static_cast<std::uint16_t>(delta)); break;
        case RelocationKind::high_low: add(target, static_cast<std::uint32_t>(delta)); break;
        case RelocationKind::high_adj:
            add_high_adjusted(target, relocation.low_half, static_cast<std::uint32_t>(delta));
            break;
        case RelocationKind::dir64: add(target, delta); break;
    }
}

}  // namespace

Result<std::vector<Relocation>> parse_relocations(const ImageView& view) {
    std::vector<Relocation> relocations;
    const auto [start, size] = view.directory(Directory::relocations);
    if (size == 0) return relocations;
    if (!view.contains(start, size))
        return damaged(relocation_table_name, "it lies outside of the image");
    auto allowance = allowance_of(view);
    const std::uint64_t end = std::uint64_t{start} + size;
    for (std::uint64_t block = start; end - block >= sizeof(BlockHeader);) {
        const auto header = view.read<BlockHeader>(block);
        if (!header) return damaged(relocation_table_name, "it reaches beyond the image");
        if (header->page == 0 && header->size == 0) break;  // padding at the end
        if (header->size < sizeof(BlockHeader) || header->size % 2 != 0 ||
            header->size > end - block || header->size > max_block_size) {
            return damaged(relocation_table_name, fmt::format("a block of {} bytes", header->size));
        }
        auto parsed = parse_block(view, header->page, block + sizeof(BlockHeader),
                                  block + header->size, allowance, relocations);
        if (!parsed) return failure(std::move(parsed.error()));
        block += header->size;
    }
    return relocations;
}

Status apply_relocations(std::span<const Relocation> relocations, std::span<std::byte> mapped,
                         std::uint64_t delta) {
    for (const Relocation& relocation : relocations) {
        const auto width = width_of(relocation.kind);
        if (!width || !image::fits(relocation.rva, *width, mapped.size())) {
            return damaged(relocation_table_name, "an address lies outside of the image");
        }
        apply(relocation, mapped.data() + relocation.rva, delta);
    }
    return {};
}

}  // namespace instdrv::pe
