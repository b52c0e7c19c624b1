// The export table of one DLL of ours: what a driver may import, and how well it works. The tables
// feed the resolver, `instdrv inspect` and the coverage page of the docs.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "image/pe/environment.hpp"

namespace instdrv::winapi {

enum class Coverage {
    done,     // behaves as documented
    partial,  // works, but for what `note` names
    stub,     // answers the documented failure, which `note` names
};
std::string_view name_of(Coverage coverage) noexcept;

struct Export {
    std::string_view name;
    const void* address;
    Coverage coverage = Coverage::done;
    std::string_view note = {};
    std::uint16_t ordinal = 0;  // 0: by name only
};

struct Dll {
    std::string_view name;  // "kernel32.dll", lower case
    std::span<const Export> exports;
};

// Every DLL of ours. API sets (api-ms-win-*) are answered by find_dll.
std::span<const Dll> all_dlls();
// Any case, with or without ".dll"; api-ms-win-crt-* is ucrtbase, other api-ms-win-* kernelbase.
// Null: not ours.
const Dll* find_dll(std::string_view name);
const Export* find_export(const Dll& dll, const pe::Symbol& symbol);

// How a table names a function: INSTDRV_EXPORT(HeapAlloc), ("HeapAlloc", its address).
template <class Function>
const void* address_of(Function* function) {
    return reinterpret_cast<const void*>(function);
}

}  // namespace instdrv::winapi
