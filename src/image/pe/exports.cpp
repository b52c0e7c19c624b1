#include "image/pe/exports.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "image/bad_image.hpp"
#include "image/pe/image_view.hpp"

namespace instdrv::pe {

using image::damaged;

namespace {

constexpr std::string_view export_table_name = "its export table";
constexpr std::uint32_t max_exports = 65536;

struct ExportDirectory {
    std::uint32_t flags;
    std::uint32_t timestamp;
    std::uint32_t version;
    Rva name;
    std::uint32_t ordinal_base;
    std::uint32_t function_count;
    std::uint32_t name_count;
    Rva functions;
    Rva names;
    Rva name_ordinals;
};
static_assert(sizeof(ExportDirectory) == 40);

Status check_directory(const ImageView& view, const ExportDirectory& directory) {
    if (directory.function_count > max_exports || directory.name_count > max_exports ||
        std::uint64_t{directory.ordinal_base} + directory.function_count > max_exports) {
        return damaged(
            export_table_name,
            fmt::format("{} functions and {} names from ordinal {} on", directory.function_count,
                        directory.name_count, directory.ordinal_base));
    }
    if (!view.contains(directory.functions, directory.function_count * sizeof(Rva)) ||
        !view.contains(directory.names, directory.name_count * sizeof(Rva)) ||
        !view.contains(directory.name_ordinals, directory.name_count * sizeof(std::uint16_t))) {
        return damaged(export_table_name, "it reaches beyond the image");
    }
    return {};
}

// Fills in where an entry leads. An address inside the directory is a forwarder's text.
Status resolve(const ImageView& view, Rva address, Export& entry) {
    const auto [start, size] = view.directory(Directory::exports);
    if (address >= start && address - start < size) {
        const auto text = view.c_string(address);
        if (!text || !parse_forwarder(*text)) {
            return damaged(export_table_name,
                           fmt::format("a forwarder of ordinal {}", entry.ordinal));
        }
        entry.forwarder = *text;
        return {};
    }
    if (!view.contains(address, 1)) {
        return damaged(
            export_table_name,
            fmt::format("the address of ordinal {} lies outside of the image", entry.ordinal));
    }
    entry.rva = address;
    return {};
}

class Reader {
public:
    Reader(const ImageView& view, const ExportDirectory& directory)
        : view_(view),
          directory_(directory),
          allowance_(allowance_of(view)),
          named_(directory.function_count) {}

    Result<std::vector<Export>> read() {
        for (std::uint32_t i = 0; i < directory_.name_count; ++i) {
            if (auto added = add_named(i); !added) return failure(std::move(added.error()));
        }
        for (std::uint32_t i = 0; i < directory_.function_count; ++i) {
            if (named_[i]) continue;
            if (auto added = add(i, {}); !added) return failure(std::move(added.error()));
        }
        return std::move(entries_);
    }

private:
    Status add_named(std::uint32_t i) {
        const auto name_at = view_.read<Rva>(directory_.names + std::uint64_t{i} * sizeof(Rva));
        const auto index = view_.read<std::uint16_t>(directory_.name_ordinals +
                                                     std::uint64_t{i} * sizeof(std::uint16_t));
        const auto name = name_at ? view_.c_string(*name_at) : std::nullopt;
        if (!name || name->empty())
            return damaged(export_table_name, fmt::format("name number {}", i));
        if (!index || *index >= directory_.function_count) {
            return damaged(export_table_name, fmt::format("{} belongs to no function", *name));
        }
        if (!allowance_.take(sizeof(Rva) + sizeof *index + name->size())) {
            return image::repeats_itself(export_table_name);
        }
        named_[*index] = true;
        return add(*index, *name);
    }

    Status add(std::uint32_t index, std::string_view name) {
        const auto address =
            view_.read<Rva>(directory_.functions + std::uint64_t{index} * sizeof(Rva));
        if (!address) return damaged(export_table_name, "it reaches beyond the image");
        if (*address == 0) return {};  // an ordinal that is not in use
        Export entry{.name = name,
                     .ordinal = static_cast<std::uint16_t>(directory_.ordinal_base + index)};
        if (auto resolved = resolve(view_, *address, entry); !resolved) return resolved;
        if (!allowance_.take(sizeof *address + entry.forwarder.size())) {
            return image::repeats_itself(export_table_name);
        }
        entries_.push_back(entry);
        return {};
    }

    const ImageView& view_;
    const ExportDirectory& directory_;
    image::Allowance allowance_;
    std::vector<bool> named_;
    std::vector<Export> entries_;
};

}  // namespace

std::optional<Forwarder> parse_forwarder(std::string_view text) {
    const auto dot = text.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return std::nullopt;
    Forwarder forwarder{.dll = text.substr(0, dot), .symbol = {.name = text.substr(dot + 1)}};
    auto& [name, ordinal] = forwarder.symbol;
    if (!name.starts_with('#')) return forwarder;
    const auto* end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data() + 1, end, ordinal);
    if (error != std::errc{} || stop != end || ordinal == 0) return std::nullopt;
    name = {};
    return forwarder;
}

Result<ExportTable> ExportTable::parse(const ImageView& view) {
    ExportTable table;
    const Rva start = view.directory(Directory::exports).rva;
    if (start == 0) return table;
    const auto directory = view.read<ExportDirectory>(start);
    if (!directory) return damaged(export_table_name, "it lies outside of the image");
    if (auto checked = check_directory(view, *directory); !checked) {
        return failure(std::move(checked.error()));
    }
    auto entries = Reader(view, *directory).read();
    if (!entries) return failure(std::move(entries.error()));
    std::sort(entries->begin(), entries->end(), [](const Export& a, const Export& b) {
        return std::tie(a.ordinal, a.name) < std::tie(b.ordinal, b.name);
    });
    table.entries_ = std::move(*entries);
    table.dll_name_ = view.c_string(directory->name).value_or("");
    table.index_names();
    return table;
}

void ExportTable::index_names() {
    by_name_.resize(entries_.size());
    std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
    std::erase_if(by_name_, [&](std::size_t i) { return entries_[i].name.empty(); });
    std::sort(by_name_.begin(), by_name_.end(),
              [&](std::size_t a, std::size_t b) { return entries_[a].name < entries_[b].name; });
}

const Export* ExportTable::find(const Symbol& symbol) const noexcept {
    if (symbol.name.empty()) {
        const auto found = std::lower_bound(
            entries_.begin(), entries_.end(), symbol.ordinal,
            [](const Export& entry, std::uint16_t ordinal) { return entry.ordinal < ordinal; });
        return found != entries_.end() && found->ordinal == symbol.ordinal ? &*found : nullptr;
    }
    const auto found = std::lower_bound(
        by_name_.begin(), by_name_.end(), symbol.name,
        [&](std::size_t i, std::string_view name) { return entries_[i].name < name; });
    if (found == by_name_.end() || entries_[*found].name != symbol.name) return nullptr;
    return &entries_[*found];
}

}  // namespace instdrv::pe
