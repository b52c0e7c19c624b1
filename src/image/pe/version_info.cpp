#include "image/pe/version_info.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.hpp"
#include "image/bad_image.hpp"

namespace instdrv::pe {

using image::damaged;

namespace {

constexpr std::string_view version_table_name = "its version resource";
constexpr std::uint32_t fixed_info_signature = 0xFEEF04BD;

struct FixedFileInfo {
    std::uint32_t signature;
    std::uint32_t struct_version;
    std::uint32_t file_version_high, file_version_low;
    std::uint32_t product_version_high, product_version_low;
    std::uint32_t flags_mask, flags;
    std::uint32_t os, type, subtype;
    std::uint32_t date_high, date_low;
};
static_assert(sizeof(FixedFileInfo) == 52);

// Every part of the resource is a block: lengths, a key, a value, then blocks inside it. Value and
// children begin at multiples of 4.
struct Block {
    std::u16string key;
    Bytes value;
    Bytes children;
};

constexpr std::uint64_t round_up_4(std::uint64_t n) noexcept { return (n + 3) & ~std::uint64_t{3}; }

// UTF-16 up to a NUL or the end of the bytes.
std::u16string read_text(Bytes bytes) {
    std::u16string text;
    for (std::uint64_t at = 0;; at += sizeof(char16_t)) {
        const auto unit = image::read_at<char16_t>(bytes, at);
        if (!unit || *unit == u'\0') return text;
        text += *unit;
    }
}

// Takes the first block off `rest`. Nothing when only padding is left.
Result<std::optional<Block>> next_block(Bytes& rest) {
    const auto length = image::read_at<std::uint16_t>(rest, 0);
    if (!length || *length == 0) return std::nullopt;
    const auto value_length = image::read_at<std::uint16_t>(rest, 2);
    const auto is_text = image::read_at<std::uint16_t>(rest, 4);
    const auto whole = image::slice(rest, 0, *length);
    constexpr std::size_t key_offset = 6;
    if (!value_length || !is_text || !whole || whole->size() < key_offset) {
        return damaged(version_table_name, "a block is cut off");
    }
    Block block{.key = read_text(whole->subspan(key_offset))};
    const auto clamp = [&](std::uint64_t offset) {
        return static_cast<std::size_t>(std::min<std::uint64_t>(offset, whole->size()));
    };
    const auto value = clamp(round_up_4(key_offset + (block.key.size() + 1) * sizeof(char16_t)));
    // The length of a text counts code units; some compilers write bytes, so it is a bound only.
    const std::uint64_t value_size = *value_length * (*is_text == 1 ? sizeof(char16_t) : 1);
    const auto value_end = clamp(value + value_size);
    block.value = whole->subspan(value, value_end - value);
    block.children = whole->subspan(clamp(round_up_4(value_end)));
    rest = rest.subspan(std::min<std::size_t>(rest.size(), round_up_4(*length)));
    return block;
}

// Calls visit(block) for every block in `blocks` until one fails.
template <class Visit>
Status for_each_block(Bytes blocks, Visit visit) {
    for (;;) {
        auto block = next_block(blocks);
        if (!block) return failure(std::move(block.error()));
        if (!*block) return {};
        if (Status visited = visit(**block); !visited) return visited;
    }
}

std::array<std::uint16_t, 4> split_version(std::uint32_t high, std::uint32_t low) noexcept {
    return {static_cast<std::uint16_t>(high >> 16), static_cast<std::uint16_t>(high),
            static_cast<std::uint16_t>(low >> 16), static_cast<std::uint16_t>(low)};
}

Status read_fixed_info(Bytes value, VersionInfo& info) {
    if (value.empty()) return {};
    const auto fixed = image::read_at<FixedFileInfo>(value, 0);
    if (!fixed || fixed->signature != fixed_info_signature) {
        return damaged(version_table_name, "its fixed part");
    }
    info.file_version = split_version(fixed->file_version_high, fixed->file_version_low);
    info.product_version = split_version(fixed->product_version_high, fixed->product_version_low);
    info.flags = fixed->flags & fixed->flags_mask;
    info.os = fixed->os;
    info.type = fixed->type;
    info.subtype = fixed->subtype;
    return {};
}

// The key of a string table is a language and a code page, as eight hexadecimal digits.
Status read_string_table(const Block& block, VersionInfo& info) {
    const auto key = to_utf8(block.key);
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number, 16);
    if (error != std::errc{} || end != key.data() + 8 || key.size() != 8) {
        return damaged(version_table_name, "the key of a string table is no language");
    }
    VersionInfo::StringTable table{.language = static_cast<std::uint16_t>(number >> 16),
                                   .code_page = static_cast<std::uint16_t>(number),
                                   .strings = {}};
    auto status = for_each_block(block.children, [&](const Block& text) -> Status {
        table.strings.emplace_back(to_utf8(text.key), to_utf8(read_text(text.value)));
        return {};
    });
    info.string_tables.push_back(std::move(table));
    return status;
}

Status read_variable(const Block& block, VersionInfo& info) {
    if (block.key != u"Translation") return {};
    for (std::uint64_t at = 0;; at += sizeof(VersionInfo::Translation)) {
        const auto translation = image::read_at<VersionInfo::Translation>(block.value, at);
        if (!translation) return {};
        info.translations.push_back(*translation);
    }
}

Status read_part(const Block& part, VersionInfo& info) {
    if (part.key == u"StringFileInfo") {
        return for_each_block(part.children,
                              [&](const Block& table) { return read_string_table(table, info); });
    }
    if (part.key == u"VarFileInfo") {
        return for_each_block(part.children,
                              [&](const Block& variable) { return read_variable(variable, info); });
    }
    return {};
}

}  // namespace

std::string_view VersionInfo::find(std::string_view name) const noexcept {
    if (string_tables.empty()) return {};
    const auto& strings = string_tables.front().strings;
    const auto found = std::find_if(strings.begin(), strings.end(),
                                    [&](const auto& pair) { return pair.first == name; });
    return found == strings.end() ? std::string_view{} : found->second;
}

Result<VersionInfo> parse_version_info(Bytes data) {
    auto root = next_block(data);
    if (!root) return failure(std::move(root.error()));
    if (!*root || (*root)->key != u"VS_VERSION_INFO") {
        return damaged(version_table_name, "it does not begin with VS_VERSION_INFO");
    }
    VersionInfo info;
    auto status = read_fixed_info((*root)->value, info);
    if (status) {
        status = for_each_block((*root)->children,
                                [&](const Block& part) { return read_part(part, info); });
    }
    if (!status) return failure(std::move(status.error()));
    return info;
}

Result<std::optional<VersionInfo>> find_version_info(const ResourceTable& resources) {
    const Resource* resource = resources.find(resource_type::version, std::uint16_t{1});
    if (resource == nullptr) return std::nullopt;
    auto info = parse_version_info(resource->data);
    if (!info) return failure(std::move(info.error()));
    return std::optional<VersionInfo>(std::move(*info));
}

}  // namespace instdrv::pe
