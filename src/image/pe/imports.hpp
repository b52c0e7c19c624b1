// Stage 4: the import table. Bound imports are not trusted: symbols are always taken from the
// lookup table, and only where a linker left that out, from the address table.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

#include "image/allowance.hpp"
#include "image/pe/environment.hpp"
#include "image/pe/image_view.hpp"

namespace instdrv::pe {

// More of an import table is refused. No DLL that is known to work comes near it.
constexpr std::size_t max_imported_dlls = 1024;
constexpr std::size_t max_imported_symbols = 65536;  // of one DLL, and of all together
constexpr std::size_t max_dll_name = 260;            // in bytes

struct ImportedSymbol {
    Symbol symbol;
    Rva slot = 0;  // where the address goes: a word inside the image
};

struct ImportedDll {
    std::string_view name;  // as the image spells it, never empty
    std::vector<ImportedSymbol> symbols;
};

// In file order; a DLL may occur twice. Empty when the image imports nothing.
// On a mapped image it must run before slots are filled in.
Result<std::vector<ImportedDll>> parse_imports(const ImageView& view);

// The kind of the entries of a lookup table and of a delay-load descriptor.
enum class Addressing { rva, absolute };

// A zero-terminated lookup table, with the words of the address table at `slots` as the slots of
// its symbols.
struct LookupTable {
    std::uint64_t table;
    std::uint64_t slots;
    Addressing addressing;
    std::string_view owner;  // names the DLL in errors
};
// For delay_imports too: its symbols.
Result<std::vector<ImportedSymbol>> parse_lookup_table(const ImageView& view,
                                                       const LookupTable& lookup,
                                                       image::Allowance& allowance);

}  // namespace instdrv::pe
