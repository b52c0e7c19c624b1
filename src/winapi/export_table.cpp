#include "winapi/export_table.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/text.hpp"

namespace instdrv::winapi {
namespace {

// The DLL that stands behind a name: API sets are not files but names for parts of these two.
// https://learn.microsoft.com/windows/win32/apiindex/windows-apisets
std::string real_name(std::string_view name) {
    std::string lower = ascii_lower(name);
    if (lower.starts_with("api-ms-win-crt-")) return "ucrtbase.dll";
    if (lower.starts_with("api-ms-win-") || lower.starts_with("ext-ms-win-")) {
        return "kernelbase.dll";
    }
    // The runtimes of Visual C++ 2002 to 2013 (msvcr70 to msvcr120) are msvcrt under other names.
    if (lower.starts_with("msvcr") && lower.size() > 5 && lower[5] >= '0' && lower[5] <= '9') {
        return "msvcrt.dll";
    }
    if (lower.find('.') == std::string::npos) lower += ".dll";
    return lower;
}

// A name's first bytes as a number, which sorts as they do. Most names differ in them, and drivers
// wait for a table to be sorted.
std::uint64_t start_of(std::string_view name) noexcept {
    std::uint64_t start = 0;
    std::memcpy(&start, name.data(), std::min(name.size(), sizeof start));
    return __builtin_bswap64(start);
}

struct SortKey {
    std::uint64_t start;
    const Export* entry;

    bool operator<(const SortKey& other) const noexcept {
        return start != other.start ? start < other.start : entry->name < other.entry->name;
    }
};

}  // namespace

std::string_view name_of(Coverage coverage) noexcept {
    switch (coverage) {
        case Coverage::done: return "done";
        case Coverage::partial: return "partial";
        case Coverage::stub: return "stub";
    }
    return "unknown";
}

const Dll* find_dll(std::string_view name) {
    const std::string wanted = real_name(name);
    const auto dlls = all_dlls();
    const auto found =
        std::find_if(dlls.begin(), dlls.end(), [&](const Dll& dll) { return dll.name == wanted; });
    return found == dlls.end() ? nullptr : &*found;
}

const Export* find_by_name(std::span<const Export> sorted, std::string_view name) {
    const auto found = std::ranges::lower_bound(sorted, name, {}, &Export::name);
    return found == sorted.end() || found->name != name ? nullptr : &*found;
}

const Export* find_export(const Dll& dll, const pe::Symbol& symbol) {
    const auto exports = dll.exports();
    if (!symbol.name.empty()) return find_by_name(exports, symbol.name);
    const auto found = std::ranges::find_if(exports, [&](const Export& entry) {
        return entry.ordinal != 0 && entry.ordinal == symbol.ordinal;
    });
    return found == exports.end() ? nullptr : &*found;
}

std::vector<Export> joined(std::initializer_list<std::span<const Export>> topics) {
    std::vector<SortKey> keys;
    for (const auto topic : topics) {
        for (const Export& entry : topic)
            keys.push_back({start_of(entry.name), &entry});
    }
    std::sort(keys.begin(), keys.end());
    std::vector<Export> all;
    all.reserve(keys.size());
    for (const SortKey& key : keys)
        all.push_back(*key.entry);
    return all;
}

std::vector<Export> selected(std::span<const Export> table,
                             std::initializer_list<std::string_view> names) {
    std::vector<Export> found;
    for (const std::string_view name : names) {
        if (const Export* const entry = find_by_name(table, name)) found.push_back(*entry);
    }
    return found;
}

}  // namespace instdrv::winapi
