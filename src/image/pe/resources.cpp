#include "image/pe/resources.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "image/bad_image.hpp"
#include "image/pe/image_view.hpp"

namespace instdrv::pe {

using image::damaged;

namespace {

constexpr std::string_view resource_table_name = "its resource directory";
constexpr std::size_t max_entries = 65536;
constexpr std::uint32_t high_bit = 0x80000000;
constexpr std::uint16_t us_english = 0x0409;

struct ResourceDirectory {
    std::uint32_t characteristics;
    std::uint32_t timestamp;
    std::uint32_t version;
    std::uint16_t named_count;
    std::uint16_t numbered_count;
};
static_assert(sizeof(ResourceDirectory) == 16);

struct DirectoryEntry {
    std::uint32_t name;    // high bit: offset of a text, else a number
    std::uint32_t target;  // high bit: offset of a directory, else of a data entry
};

struct DataEntry {
    Rva data;
    std::uint32_t size;
    std::uint32_t code_page;
    std::uint32_t reserved;
};

char16_t lower(char16_t c) noexcept {
    return c < 0x80 ? static_cast<char16_t>(ascii_lower(static_cast<char>(c))) : c;
}

// Walks the tree, whose offsets count from the start of the directory.
class Walker {
public:
    explicit Walker(const ImageView& view)
        : view_(view),
          root_(view.directory(Directory::resources).rva),
          allowance_(allowance_of(view)) {}

    Result<std::vector<Resource>> walk() {
        if (auto walked = walk_directory(0, 0); !walked) return failure(std::move(walked.error()));
        return std::move(resources_);
    }

private:
    static constexpr std::size_t levels = 3;

    Status walk_directory(std::uint32_t offset, std::size_t level) {
        if (level == levels) return damaged(resource_table_name, "it is deeper than three levels");
        if (std::find(path_.begin(), path_.begin() + level, offset) != path_.begin() + level) {
            return damaged(resource_table_name, "it contains itself");
        }
        path_[level] = offset;
        const auto directory = view_.read<ResourceDirectory>(root_ + offset);
        if (!directory) return damaged(resource_table_name, "a part lies outside of the image");
        if (!allowance_.take(sizeof *directory)) return image::repeats_itself(resource_table_name);
        const std::uint64_t first = root_ + offset + sizeof(ResourceDirectory);
        const std::uint32_t count =
            std::uint32_t{directory->named_count} + directory->numbered_count;
        for (std::uint32_t i = 0; i < count; ++i) {
            auto walked = walk_entry(first + i * sizeof(DirectoryEntry), level);
            if (!walked) return walked;
        }
        return {};
    }

    Status walk_entry(std::uint64_t at, std::size_t level) {
        if (++seen_ > max_entries) return damaged(resource_table_name, "it has too many entries");
        const auto entry = view_.read<DirectoryEntry>(at);
        if (!entry) return damaged(resource_table_name, "a part lies outside of the image");
        if (!allowance_.take(sizeof *entry)) return image::repeats_itself(resource_table_name);
        auto id = read_id(entry->name);
        if (!id) return failure(std::move(id.error()));
        ids_[level] = std::move(*id);
        if ((entry->target & high_bit) != 0) {
            return walk_directory(entry->target & ~high_bit, level + 1);
        }
        if (level + 1 != levels)
            return damaged(resource_table_name, "data where a directory should be");
        return add_resource(root_ + entry->target);
    }

    Result<ResourceId> read_id(std::uint32_t name) {
        if ((name & high_bit) == 0) {
            if (name > UINT16_MAX)
                return damaged(resource_table_name, fmt::format("number {:#x}", name));
            return ResourceId(static_cast<std::uint16_t>(name));
        }
        const std::uint64_t at = root_ + (name & ~high_bit);
        const auto length = view_.read<std::uint16_t>(at);
        if (!length) return damaged(resource_table_name, "a name lies outside of the image");
        if (!allowance_.take(*length * sizeof(char16_t)))
            return image::repeats_itself(resource_table_name);
        std::u16string text(*length, u'\0');
        if (!view_.copy(at + sizeof *length, std::as_writable_bytes(std::span(text)))) {
            return damaged(resource_table_name, "a name lies outside of the image");
        }
        return ResourceId(std::move(text));
    }

    Status add_resource(std::uint64_t at) {
        const auto entry = view_.read<DataEntry>(at);
        const auto data = entry ? view_.bytes(entry->data, entry->size) : std::nullopt;
        const auto& [type, name, language] = ids_;
        if (!data || !language.is_number()) {
            return damaged(resource_table_name,
                           fmt::format("resource {} of type {}", name.describe(), type.describe()));
        }
        resources_.push_back({.type = type,
                              .name = name,
                              .language = language.number(),
                              .entry = static_cast<Rva>(at),
                              .rva = entry->data,
                              .data = *data});
        return {};
    }

    const ImageView& view_;
    std::uint64_t root_;
    image::Allowance allowance_;
    std::size_t seen_ = 0;
    std::array<std::uint32_t, levels> path_{};  // offsets of the directories being walked
    std::array<ResourceId, levels> ids_{std::uint16_t{0}, std::uint16_t{0}, std::uint16_t{0}};
    std::vector<Resource> resources_;
};

// Smaller is better, for a caller who named no language.
int language_rank(std::uint16_t language) noexcept {
    if (language == 0) return 0;
    return language == us_english ? 1 : 2;
}

}  // namespace

std::string ResourceId::describe() const {
    return is_number() ? fmt::format("#{}", number()) : to_utf8(text());
}

bool ResourceId::operator==(const ResourceId& other) const noexcept {
    const auto* number = std::get_if<std::uint16_t>(&value_);
    const auto* other_number = std::get_if<std::uint16_t>(&other.value_);
    if (number != nullptr || other_number != nullptr) {
        return number != nullptr && other_number != nullptr && *number == *other_number;
    }
    const auto& text = **std::get_if<1>(&value_);
    const auto& other_text = **std::get_if<1>(&other.value_);
    return std::equal(text.begin(), text.end(), other_text.begin(), other_text.end(),
                      [](char16_t a, char16_t b) { return lower(a) == lower(b); });
}

Result<ResourceTable> ResourceTable::parse(const ImageView& view) {
    ResourceTable table;
    if (view.directory(Directory::resources).rva == 0) return table;
    auto resources = Walker(view).walk();
    if (!resources) return failure(std::move(resources.error()));
    table.entries_ = std::move(*resources);
    return table;
}

bool ResourceTable::has_type(const ResourceId& type) const noexcept {
    return std::any_of(entries_.begin(), entries_.end(),
                       [&](const Resource& resource) { return resource.type == type; });
}

const Resource* ResourceTable::find(const ResourceId& type, const ResourceId& name,
                                    std::optional<std::uint16_t> language) const noexcept {
    const Resource* best = nullptr;
    for (const Resource& resource : entries_) {
        if (!(resource.type == type) || !(resource.name == name)) continue;
        if (language && resource.language != *language) continue;
        if (best == nullptr || language_rank(resource.language) < language_rank(best->language)) {
            best = &resource;
        }
    }
    return best;
}

std::optional<Bytes> ResourceTable::find_string_bytes(
    std::uint16_t id, std::optional<std::uint16_t> language) const noexcept {
    // A block holds 16 texts, each behind its length.
    constexpr unsigned per_block = 16;
    const auto block_number = static_cast<std::uint16_t>(id / per_block + 1);
    const Resource* block = find(resource_type::string, block_number, language);
    if (block == nullptr) return std::nullopt;
    std::uint64_t at = 0;
    for (unsigned skip = id % per_block;; --skip) {
        const auto length = image::read_at<std::uint16_t>(block->data, at);
        if (!length) return std::nullopt;
        at += sizeof *length;
        const std::uint64_t size = *length * sizeof(char16_t);
        if (skip == 0) return size == 0 ? std::nullopt : image::slice(block->data, at, size);
        at += size;
    }
}

std::optional<std::u16string> ResourceTable::find_string(
    std::uint16_t id, std::optional<std::uint16_t> language) const {
    const auto source = find_string_bytes(id, language);
    if (!source) return std::nullopt;
    std::u16string text(source->size() / sizeof(char16_t), u'\0');
    std::copy(source->begin(), source->end(), std::as_writable_bytes(std::span(text)).begin());
    return text;
}

}  // namespace instdrv::pe
