#include <algorithm>
#include <cstring>

#include "messages/placed.hpp"

namespace instdrv::messages {
namespace {

std::uint64_t on_the_side(std::uint64_t there, const Sides& sides) noexcept {
    return address_in(there, sides.driver_pointer);
}

}  // namespace

Result<SharedBlock> SharedBlock::take(SharedMemory& memory, std::uint64_t size) {
    if (size > SIZE_MAX) {
        return failure({.code = ErrorCode::out_of_memory,
                        .operation = "pass a buffer to the driver",
                        .cause = "it is larger than the memory of a process"});
    }
    auto block = memory.take(std::max<std::size_t>(static_cast<std::size_t>(size), 1));
    if (!block) return failure(block.error());
    SharedBlock taken;
    taken.memory_ = &memory;
    taken.block_ = *block;
    return taken;
}

bool PlacedBytes::is_format() const noexcept {
    switch (field_.length.rule) {
        case LengthRule::wave_format:
        case LengthRule::wave_filter:
        case LengthRule::dib_format:
        case LengthRule::dib_format_wanted:
        case LengthRule::dib_palette_wanted: return true;
        default: return false;
    }
}

Status PlacedBytes::put(std::unique_ptr<PlacedBytes>& slot, const Field& field,
                        std::uint64_t address, const Siblings& siblings, const Transit& transit,
                        Buffers buffers) {
    const bool same = slot != nullptr && slot->address_ == address;
    if (field.kind == Kind::text) {
        slot.reset(new PlacedBytes(field, address));
        return slot->place_text(transit);
    }
    const auto extent = extent_of(field.length, address,
                                  {transit.message, siblings, transit.client, transit.answered});
    if (!extent) return failure(extent.error());
    const bool reused = same && extent->room <= slot->block_.here().size();
    if (!reused) {
        slot.reset(new PlacedBytes(field, address));
        if (Status placed = slot->place(*extent, transit); !placed) return placed;
    }
    slot->length_ = extent->length;
    slot->used_ = extent->length;
    slot->buffers_ = buffers;
    return slot->send(*extent, transit.client);
}

Status PlacedBytes::place(const Extent& extent, const Transit& transit) {
    if (!is_format() && extent.length != 0) {
        if (const auto there = transit.shared.there(address_, extent.length)) {
            there_ = on_the_side(*there, transit.sides);
            return {};
        }
    }
    auto block = SharedBlock::take(transit.shared, extent.room);
    if (!block) return failure(block.error());
    block_ = std::move(*block);
    there_ = on_the_side(block_.there(), transit.sides);
    // What is not sent is defined all the same. Large output buffers are left as they are.
    const auto here = block_.here();
    const std::size_t unsent = field_.flow == Flow::out && !is_format()
                                   ? here.size()
                                   : static_cast<std::size_t>(extent.length);
    if (unsent < here.size()) std::memset(here.data() + unsent, 0, here.size() - unsent);
    if (field_.flow == Flow::out && is_format()) std::memset(here.data(), 0, here.size());
    return {};
}

Status PlacedBytes::place_text(const Transit& transit) {
    const std::size_t unit =
        field_.text_unit != 0 ? field_.text_unit : transit.sides.open_text_unit;
    const auto text = read_text(transit.client, address_, unit);
    if (!text) return failure(text.error());
    auto block = SharedBlock::take(transit.shared, text->size());
    if (!block) return failure(block.error());
    block_ = std::move(*block);
    there_ = on_the_side(block_.there(), transit.sides);
    std::memcpy(block_.here().data(), text->data(), text->size());
    return {};
}

Status PlacedBytes::send(const Extent& extent, const ClientMemory& client) {
    const auto here = block_.here();
    if (here.empty() || field_.flow == Flow::out || buffers_ != Buffers::carried) return {};
    const auto head =
        static_cast<std::size_t>(std::min<std::uint64_t>(extent.head_size, extent.length));
    std::memcpy(here.data(), extent.head.data(), head);
    return client.read(address_ + head,
                       here.first(static_cast<std::size_t>(extent.length)).subspan(head));
}

Status PlacedBytes::receive(const Sides& /*sides*/, const ClientMemory& client) {
    const auto here = block_.here();
    if (here.empty() || field_.flow == Flow::in || buffers_ != Buffers::carried) return {};
    if (is_format()) return receive_format(client);
    const auto used = static_cast<std::size_t>(std::min(used_, length_));
    return client.write(address_, here.first(used));
}

Status PlacedBytes::receive_format(const ClientMemory& client) {
    const auto length = static_cast<std::size_t>(length_);
    const auto here = block_.here().first(length);
    const std::vector<std::byte> bytes(here.begin(), here.end());
    std::size_t used = length;
    if (length >= dib_header_size) {
        const auto header = std::span(bytes).first(dib_header_size);
        image_size_ = image_size_in(header);
        if (field_.length.used == Used::dib_format) {
            const std::uint64_t needed = dib_format_size(header).value_or(dib_header_size);
            used = static_cast<std::size_t>(std::min<std::uint64_t>(needed, length));
        }
    }
    return client.write(address_, std::span(bytes).first(used));
}

}  // namespace instdrv::messages
