#include "image/pe/imports.hpp"

#include <utility>

#include <fmt/format.h>

#include "image/bad_image.hpp"
#include "image/pe/image_view.hpp"

namespace instdrv::pe {

using image::damaged;

namespace {

constexpr std::string_view import_table_name = "its import table";

struct ImportDescriptor {
    Rva lookup_table;
    std::uint32_t timestamp;  // of bound imports: not trusted
    std::uint32_t forwarder_chain;
    Rva name;
    Rva address_table;
};

// One entry of a lookup table that is not its end.
Result<Symbol> parse_entry(const ImageView& view, std::uint64_t entry, Addressing addressing,
                           std::string_view owner) {
    const std::uint64_t ordinal_flag = std::uint64_t{1} << (view.word_size() * 8 - 1);
    if ((entry & ordinal_flag) != 0) {
        return Symbol{.name = {}, .ordinal = static_cast<std::uint16_t>(entry)};
    }
    std::optional<std::uint64_t> hint = entry;
    if (addressing == Addressing::absolute) hint = view.to_rva(entry);
    // The hint is a guess at the name's index and of no use to us.
    const auto name = hint && view.contains(*hint, sizeof(std::uint16_t))
                          ? view.c_string(*hint + sizeof(std::uint16_t))
                          : std::nullopt;
    if (!name) {
        return damaged(import_table_name,
                       fmt::format("the name of a function of {} lies outside of the "
                                   "image or has no end",
                                   owner));
    }
    if (name->empty()) {
        return damaged(import_table_name, fmt::format("a function of {} has an empty name", owner));
    }
    return Symbol{.name = *name, .ordinal = 0};
}

Result<ImportedDll> parse_dll(const ImageView& view, const ImportDescriptor& descriptor,
                              image::Allowance& allowance) {
    const auto name = view.c_string(descriptor.name, max_dll_name);
    if (!name || name->empty()) {
        return damaged(import_table_name,
                       "the name of a DLL is empty, too long or outside of the image");
    }
    const Rva lookup_table =
        descriptor.lookup_table != 0 ? descriptor.lookup_table : descriptor.address_table;
    if (!allowance.take(sizeof descriptor + name->size()))
        return image::repeats_itself(import_table_name);
    auto symbols = parse_lookup_table(
        view, {lookup_table, descriptor.address_table, Addressing::rva, *name}, allowance);
    if (!symbols) return failure(std::move(symbols.error()));
    return ImportedDll{.name = *name, .symbols = std::move(*symbols)};
}

}  // namespace

Result<std::vector<ImportedSymbol>> parse_lookup_table(const ImageView& view,
                                                       const LookupTable& lookup,
                                                       image::Allowance& allowance) {
    auto [table, slots, addressing, owner] = lookup;
    std::vector<ImportedSymbol> symbols;
    for (const std::size_t word = view.word_size();; table += word, slots += word) {
        const auto entry = view.read_word(table);
        if (!entry || symbols.size() > max_imported_symbols) {
            return damaged(import_table_name,
                           fmt::format("the list of functions of {} has no end", owner));
        }
        if (*entry == 0) return symbols;
        if (!view.contains(slots, word)) {
            return damaged(import_table_name,
                           fmt::format("the addresses of {} lie outside of the image", owner));
        }
        auto symbol = parse_entry(view, *entry, addressing, owner);
        if (!symbol) return failure(std::move(symbol.error()));
        if (!allowance.take(word + symbol->name.size()))
            return image::repeats_itself(import_table_name);
        symbols.push_back({.symbol = *symbol, .slot = static_cast<Rva>(slots)});
    }
}

Result<std::vector<ImportedDll>> parse_imports(const ImageView& view) {
    std::vector<ImportedDll> dlls;
    std::uint64_t at = view.directory(Directory::imports).rva;
    if (at == 0) return dlls;
    auto allowance = allowance_of(view);
    std::size_t symbol_count = 0;
    for (;; at += sizeof(ImportDescriptor)) {
        const auto descriptor = view.read<ImportDescriptor>(at);
        if (!descriptor || dlls.size() > max_imported_dlls || symbol_count > max_imported_symbols) {
            return damaged(import_table_name, "it has no end");
        }
        if (descriptor->name == 0 || descriptor->address_table == 0) return dlls;
        auto dll = parse_dll(view, *descriptor, allowance);
        if (!dll) return failure(std::move(dll.error()));
        symbol_count += dll->symbols.size();
        dlls.push_back(std::move(*dll));
    }
}

}  // namespace instdrv::pe
