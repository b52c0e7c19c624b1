// The export table of each DLL of ours: what a driver may import, and how well it works. The tables
// are made of the lines beside the functions (export.hpp); they feed the loader of drivers,
// `instdrv inspect` and the coverage page of the docs.
#pragma once

#include <span>
#include <string_view>

#include "image/pe/environment.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi {

std::string_view name_of(Coverage coverage) noexcept;

struct Dll {
    std::string_view name;  // "kernel32.dll", lower case
    Dlls bit;               // the one that its exports have

    // Sorted by name, each name once. A driver needs few of the DLLs, so each makes its table on
    // first use. [any thread]
    [[nodiscard]] std::span<const Export> exports() const;
};

// Every DLL of ours, sorted by name. API sets (api-ms-win-*) are answered by find_dll.
std::span<const Dll> all_dlls();
// Any case, with or without ".dll"; api-ms-win-crt-* is ucrtbase, other api-ms-win-* kernelbase.
// Null: not ours.
const Dll* find_dll(std::string_view name);
const Export* find_export(const Dll& dll, const pe::Symbol& symbol);
// What a driver that imports it gets, which a trace of calls learns; null: not exported.
const void* import_from(const Dll& dll, const pe::Symbol& symbol);

namespace crt {
// Gives the variables of the C runtimes (_environ, _timezone ...) their first values. A runtime's
// table has it done before a driver can import one. Defined in crt/startup.cpp.
void prepare_variables();
}  // namespace crt

// The DLLs that export a function of that name; of two functions of one name, those of either.
Dlls dlls_of(std::string_view function) noexcept;

}  // namespace instdrv::winapi
