#include "messages/client_structure.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace instdrv::messages {
namespace {

bool states_its_size(const Structure& structure) noexcept {
    return structure.fields.front().kind == Kind::structure_size;
}

bool is_address(const Field& field) noexcept {
    switch (field.kind) {
        case Kind::buffer:
        case Kind::text:
        case Kind::same_as:
        case Kind::structure:
        case Kind::callback:
        case Kind::function: return true;
        default: return false;
    }
}

}  // namespace

ClientStructure::ClientStructure(const Structure& structure, unsigned pointer) noexcept
    : structure_(&structure), layout_(layout_of(structure, pointer)) {}

Result<ClientStructure> ClientStructure::read(const Structure& structure, std::uint64_t address,
                                              std::optional<std::uint32_t> stated, unsigned pointer,
                                              const ClientMemory& client) {
    ClientStructure read(structure, pointer);
    if (Status sized = read.read_size(stated, address, client); !sized) {
        return failure(sized.error());
    }
    const std::size_t known = states_its_size(structure) ? sizeof(DWORD) : 0;
    const auto rest = std::span(read.bytes_).subspan(known, read.size_ - known);
    if (Status got = client.read(address + known, rest); !got) return failure(got.error());
    read.decode();
    return read;
}

Status ClientStructure::read_size(std::optional<std::uint32_t> stated, std::uint64_t address,
                                  const ClientMemory& client) {
    const Layout natural = layout_of(*structure_, layout_.pointer, true);
    bytes_.resize(std::max(layout_.size, natural.size));
    std::uint32_t least = 0;
    if (states_its_size(*structure_)) {
        least = sizeof(DWORD);
        const auto head = std::span(bytes_).first(sizeof(DWORD));
        if (Status got = client.read(address, head); !got) return got;
        stated = static_cast<std::uint32_t>(load(head, 0, sizeof(DWORD)));
        natural_ = structure_->packing == Packing::either && *stated == natural.size;
        if (natural_) layout_ = natural;
    }
    size_ = std::clamp<std::uint32_t>(stated.value_or(layout_.size), least, layout_.size);
    if (size_ == layout_.size || structure_->may_be_shorter) return {};
    return failure({.code = ErrorCode::invalid_argument,
                    .operation = "read a message's parameters",
                    .cause = fmt::format("the {} is said to have {} bytes, {} are needed",
                                         structure_->name, *stated, layout_.size)});
}

void ClientStructure::decode() {
    const auto fields = structure_->fields;
    values_.resize(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].kind == Kind::bytes || !has(i)) continue;
        const std::uint64_t value = load(bytes_, layout_.offsets[i], layout_.size_of(fields[i]));
        const bool is_signed = fields[i].size == pointer_sized && !is_address(fields[i]);
        values_[i] = is_signed ? extend(value, layout_.pointer) : value;
    }
}

bool ClientStructure::has(std::size_t index) const noexcept {
    const Field& field = structure_->fields[index];
    const unsigned least = field.kind == Kind::bytes ? 1 : layout_.size_of(field);
    return layout_.offsets[index] + least <= size_;
}

std::span<const std::byte> ClientStructure::bytes_of(std::size_t index) const noexcept {
    if (!has(index)) return {};
    const std::size_t offset = layout_.offsets[index];
    const std::size_t size = layout_.size_of(structure_->fields[index]);
    return std::span(bytes_).subspan(offset, std::min<std::size_t>(size, size_ - offset));
}

}  // namespace instdrv::messages
