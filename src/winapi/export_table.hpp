// The export table of one DLL of ours: what a driver may import, and how well it works. The tables
// feed the resolver, `instdrv inspect` and the coverage page of the docs.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "image/pe/environment.hpp"

namespace instdrv::winapi {

enum class Coverage {
    done,     // behaves as documented
    partial,  // works, but for what `note` names
    stub,     // answers the documented failure, which `note` names
};
std::string_view name_of(Coverage coverage) noexcept;

// In the order in which tables are written.  NOLINTNEXTLINE(*.Padding)
struct Export {
    std::string_view name;
    const void* address;
    Coverage coverage = Coverage::done;
    std::string_view note = {};
    std::uint16_t ordinal = 0;  // 0: by name only
};

struct Dll {
    std::string_view name;  // "kernel32.dll", lower case
    // Sorted by name. A driver needs few of the DLLs, so each makes its table on first use.
    std::span<const Export> (*exports)();
};

// Every DLL of ours. API sets (api-ms-win-*) are answered by find_dll.
std::span<const Dll> all_dlls();
// Any case, with or without ".dll"; api-ms-win-crt-* is ucrtbase, other api-ms-win-* kernelbase.
// Null: not ours.
const Dll* find_dll(std::string_view name);
const Export* find_export(const Dll& dll, const pe::Symbol& symbol);
// In a table that is sorted by name. Null: it is not there.
const Export* find_by_name(std::span<const Export> sorted, std::string_view name);

// A DLL's table made of the tables of its topics, sorted by name. Every topic (one source file)
// offers its own as `std::span<const Export> heap_exports()`, so that two DLLs can share one.
std::vector<Export> joined(std::initializer_list<std::span<const Export>> topics);
// Those of a sorted table that have these names; names it does not have are left out.
std::vector<Export> selected(std::span<const Export> table,
                             std::initializer_list<std::string_view> names);

// How a table names a function: {"HeapAlloc", address_of(HeapAlloc)}.
template <class Function>
const void* address_of(Function* function) {
    return reinterpret_cast<const void*>(function);
}

}  // namespace instdrv::winapi
