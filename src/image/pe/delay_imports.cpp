#include "image/pe/delay_imports.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "image/bad_image.hpp"
#include "image/pe/image_view.hpp"

namespace instdrv::pe {

using image::damaged;

namespace {

constexpr std::string_view delay_import_table_name = "its delay-load import table";
constexpr std::uint32_t fields_are_rvas = 1;

// Fields are RVAs or absolute addresses of 32 bits.
struct DelayDescriptor {
    std::uint32_t attributes;
    std::uint32_t name;
    std::uint32_t module_slot;
    std::uint32_t address_table;
    std::uint32_t lookup_table;
    std::uint32_t bound_addresses;
    std::uint32_t unload_addresses;
    std::uint32_t timestamp;
};
static_assert(sizeof(DelayDescriptor) == 32);

Result<DelayImportedDll> parse_dll(const ImageView& view, const DelayDescriptor& descriptor,
                                   image::Allowance& allowance) {
    const auto addressing =
        (descriptor.attributes & fields_are_rvas) != 0 ? Addressing::rva : Addressing::absolute;
    const auto locate = [&](std::uint32_t field) -> std::optional<Rva> {
        if (addressing == Addressing::absolute) return view.to_rva(field);
        return view.contains(field, 1) ? std::optional<Rva>(field) : std::nullopt;
    };
    const auto name_at = locate(descriptor.name);
    const auto name = name_at ? view.c_string(*name_at, max_dll_name) : std::nullopt;
    if (!name || name->empty()) {
        return damaged(delay_import_table_name,
                       "the name of a DLL is empty, too long or outside of the image");
    }
    const auto lookup_table = locate(descriptor.lookup_table);
    const auto slots = locate(descriptor.address_table);
    const auto module_slot =
        descriptor.module_slot == 0 ? std::optional<Rva>(0) : locate(descriptor.module_slot);
    if (!lookup_table || !slots || !module_slot || !view.contains(*module_slot, view.word_size())) {
        return damaged(delay_import_table_name,
                       fmt::format("a field of {} lies outside of the image", *name));
    }
    if (!allowance.take(sizeof descriptor + name->size()))
        return image::repeats_itself(delay_import_table_name);
    auto symbols = parse_lookup_table(view, {*lookup_table, *slots, addressing, *name}, allowance);
    if (!symbols) return failure(std::move(symbols.error()));
    return DelayImportedDll{
        .name = *name, .module_slot = *module_slot, .symbols = std::move(*symbols)};
}

}  // namespace

Result<std::vector<DelayImportedDll>> parse_delay_imports(const ImageView& view) {
    std::vector<DelayImportedDll> dlls;
    std::uint64_t at = view.directory(Directory::delay_imports).rva;
    if (at == 0) return dlls;
    auto allowance = allowance_of(view);
    std::size_t symbol_count = 0;
    for (;; at += sizeof(DelayDescriptor)) {
        const auto descriptor = view.read<DelayDescriptor>(at);
        if (!descriptor || dlls.size() > max_imported_dlls || symbol_count > max_imported_symbols) {
            return damaged(delay_import_table_name, "it has no end");
        }
        if (descriptor->name == 0) return dlls;
        auto dll = parse_dll(view, *descriptor, allowance);
        if (!dll) return failure(std::move(dll.error()));
        symbol_count += dll->symbols.size();
        dlls.push_back(std::move(*dll));
    }
}

}  // namespace instdrv::pe
