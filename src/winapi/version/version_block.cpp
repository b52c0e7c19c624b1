#include "winapi/version/version_block.hpp"

#include <algorithm>
#include <cstring>

#include "winapi/text/letter_case.hpp"

namespace instdrv::winapi::version {
namespace {

using Bytes = std::span<const std::byte>;

struct Header {
    WORD length;
    WORD value_length;
    WORD type;  // 1: the value is text
};

std::size_t aligned(std::size_t offset) { return (offset + 3) & ~std::size_t{3}; }

Bytes from(Bytes bytes, std::size_t offset) {
    return bytes.subspan(std::min(offset, bytes.size()));
}

// Blocks lie at multiples of 4, so their texts are aligned.
std::optional<std::u16string_view> text_at(Bytes bytes) {
    const auto* const text = reinterpret_cast<const char16_t*>(bytes.data());
    const std::size_t room = bytes.size() / sizeof(char16_t);
    const auto* const end = std::find(text, text + room, u'\0');
    if (end == text + room) return std::nullopt;
    return std::u16string_view(text, static_cast<std::size_t>(end - text));
}

}  // namespace

std::optional<Block> Block::parse(Bytes bytes) {
    Header header{};
    if (bytes.size() < sizeof header) return std::nullopt;
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.length < sizeof header || header.length > bytes.size()) return std::nullopt;
    bytes = bytes.first(header.length);
    const auto key = text_at(bytes.subspan(sizeof header));
    if (!key) return std::nullopt;
    Block block;
    block.key_ = *key;
    block.is_text_ = header.type == 1;
    const std::size_t value_at = aligned(sizeof header + (key->size() + 1) * sizeof(char16_t));
    const std::size_t value_size =
        std::size_t{header.value_length} * (block.is_text_ ? sizeof(char16_t) : 1);
    const Bytes rest = from(bytes, value_at);
    block.value_ = rest.first(std::min(value_size, rest.size()));
    block.children_ = from(bytes, aligned(value_at + value_size));
    return block;
}

UINT Block::value_length() const noexcept {
    return static_cast<UINT>(is_text_ ? value_.size() / sizeof(char16_t) : value_.size());
}

std::u16string_view Block::text() const noexcept {
    const std::u16string_view all(reinterpret_cast<const char16_t*>(value_.data()), value_length());
    return all.substr(0, std::min(all.find(u'\0'), all.size()));
}

std::optional<Block> Block::child(std::u16string_view name) const {
    for (Bytes rest = children_; !rest.empty();) {
        const auto block = parse(rest);
        if (!block) return std::nullopt;
        if (compare_text(block->key(), name, true) == 0) return block;
        WORD length = 0;
        std::memcpy(&length, rest.data(), sizeof length);
        rest = from(rest, aligned(length));
    }
    return std::nullopt;
}

std::optional<Block> find_block(const void* data, std::u16string_view path) {
    WORD length = 0;
    std::memcpy(&length, data, sizeof length);
    auto block = Block::parse({static_cast<const std::byte*>(data), length});
    while (block && !path.empty()) {
        const auto end = std::min(path.find(u'\\'), path.size());
        if (end != 0) block = block->child(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return block;
}

}  // namespace instdrv::winapi::version
