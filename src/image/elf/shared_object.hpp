// Reads what a shared object needs and exports, without running any of it. Works from the program
// headers and the dynamic section, as the dynamic linker does, so a file without section headers is
// fine.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

#include "image/bytes.hpp"

namespace instdrv::elf {

struct ExportedSymbol {
    std::string_view name;
    bool is_code = false;  // a function that lies in an executable segment
};

// The texts live as long as the bytes parsed.
struct SharedObject {
    std::string_view soname;
    std::vector<std::string_view> needed;  // libraries, by the names the dynamic linker looks for
    std::vector<ExportedSymbol> exports;   // in symbol table order

    [[nodiscard]] const ExportedSymbol* find(std::string_view name) const noexcept;
};

// Parses a 64-bit x86-64 or a 32-bit i386 shared object. Every offset, address and size that this
// needs, or that the dynamic linker would follow blindly, is checked; programs (also
// position-independent ones), object files and core dumps are refused.
Result<SharedObject> parse_shared_object(image::Bytes file);

}  // namespace instdrv::elf
