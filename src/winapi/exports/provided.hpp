// The functions that the Windows layer provides on a machine, as data: for `instdrv inspect` and
// the documentation, which describe drivers of both machines without running them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image/pe/environment.hpp"
#include "winapi/exports/export_table.hpp"

namespace instdrv::winapi {

struct ProvidedFunction {
    std::string name;
    std::uint16_t ordinal = 0;  // 0: by name only
    Coverage coverage = Coverage::done;
    std::string note;   // what is missing
    std::string first;  // the first DLL of the list that exports the same function by this name
};

struct ProvidedDll {
    std::string name;
    std::vector<ProvidedFunction> functions;  // sorted by name
};

// Sorted by name of the DLL, as all_dlls() is.
using Provided = std::vector<ProvidedDll>;

// What the lines make up. Lines of one name are one function if they have one `address`, which is
// not called.
Provided provided_by(std::span<const Export> lines);
// On the machine that this code is compiled for.
const Provided& provided_here();
// On i386, for programs that run on amd64: what instdrv-worker32 was linked with when this one was
// built. Of the library instdrv_windows_coverage.
const Provided& provided_on_i386();

// Any name that find_dll knows. Null: not ours, or not exported there.
const ProvidedDll* find_dll(const Provided& provided, std::string_view name);
const ProvidedFunction* find_function(const ProvidedDll& dll, const pe::Symbol& symbol);

// A line for each function, its parts separated by tabs, and back. Lines that are none are left
// out.
std::string text_of(const Provided& provided);
Provided provided_from_text(std::string_view text);

}  // namespace instdrv::winapi
