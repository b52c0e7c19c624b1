#include "winapi/exports/export_table.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace instdrv::winapi {
namespace {

using Prepare = void (*)();
constinit Prepare prepare_runtimes = [] {};

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

constexpr std::array dlls{
    Dll{"advapi32.dll", in_advapi32},     Dll{"kernel32.dll", in_kernel32 & ~in_kernelbase},
    Dll{"kernelbase.dll", in_kernelbase}, Dll{"msacm32.dll", in_msacm32},
    Dll{"msvcrt.dll", in_msvcrt},         Dll{"ntdll.dll", in_ntdll},
    Dll{"shlwapi.dll", in_shlwapi},       Dll{"ucrtbase.dll", in_ucrtbase},
    Dll{"user32.dll", in_user32},         Dll{"vcruntime140.dll", in_vcruntime140},
    Dll{"version.dll", in_version},       Dll{"winmm.dll", in_winmm},
};

std::string with_locale_name(std::string_view name) {
    return (name.starts_with('_') ? "" : "_") + std::string(name) + "_l";
}

// The same functions under their names that take a locale.
std::vector<Export> locale_forms(std::span<const Export> lines, Dlls bit,
                                 std::deque<std::string>& names) {
    std::vector<Export> forms;
    for (const Export& line : lines) {
        if ((line.dlls & bit) == 0 || (line.dlls & with_locale) == 0) continue;
        Export form = line;
        form.name = names.emplace_back(with_locale_name(line.name));
        form.coverage = Coverage::partial;
        form.note = "the locale is ignored: there is only \"C\"";
        forms.push_back(form);
    }
    return forms;
}

}  // namespace

std::span<const Export> every_line() noexcept {
    return {__start_instdrv_exports, __stop_instdrv_exports};
}

ExportTable::ExportTable(std::span<const Export> lines, Dlls bit) {
    std::vector<Export> forms;
    if ((bit & in_crt) != 0) forms = locale_forms(lines, bit, locale_names_);
    std::vector<SortKey> keys;
    for (const Export& line : lines) {
        if ((line.dlls & bit) != 0) keys.push_back({start_of(line.name), &line});
    }
    for (const Export& form : forms)
        keys.push_back({start_of(form.name), &form});
    std::sort(keys.begin(), keys.end());
    exports_.reserve(keys.size());
    for (const SortKey& key : keys)
        exports_.push_back(*key.entry);
}

const Export* ExportTable::find(std::string_view name) const {
    const auto named = std::ranges::lower_bound(exports_, name, {}, &Export::name);
    return named == exports_.end() || named->name != name ? nullptr : &*named;
}

const ExportTable& Dll::table() const {
    struct Made {
        std::once_flag once;
        std::optional<ExportTable> table;
    };
    static auto& tables = *new std::array<Made, dlls.size()>;  // threads may outlive all else
    const auto at =
        static_cast<std::size_t>(std::ranges::find(dlls, bit, &Dll::bit) - dlls.begin());
    Made& made = tables.at(at);
    std::call_once(made.once, [&] {
        if ((bit & in_crt) != 0) {
            // Once: drivers of the one runtime may run when the other's table is made.
            [[maybe_unused]] static const bool prepared = (prepare_runtimes(), true);
        }
        made.table.emplace(every_line(), bit);
    });
    return *made.table;
}

void prepare_runtimes_with(void (*prepare)()) noexcept { prepare_runtimes = prepare; }

std::span<const Export> Dll::exports() const { return table().exports(); }

std::span<const Dll> all_dlls() { return dlls; }

Dlls dlls_of(std::string_view function) noexcept {
    Dlls found = 0;
    for (const Export& line : every_line()) {
        if (line.name == function) found |= line.dlls;
    }
    return found & ~with_locale;
}

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
    const auto found =
        std::find_if(dlls.begin(), dlls.end(), [&](const Dll& dll) { return dll.name == wanted; });
    return found == dlls.end() ? nullptr : &*found;
}

const Export* find_export(const Dll& dll, const pe::Symbol& symbol) {
    const auto exports = dll.exports();
    if (!symbol.name.empty()) return dll.table().find(symbol.name);
    const auto found = std::ranges::find_if(exports, [&](const Export& entry) {
        return entry.ordinal != 0 && entry.ordinal == symbol.ordinal;
    });
    return found == exports.end() ? nullptr : &*found;
}

const void* import_from(const Dll& dll, const pe::Symbol& symbol) {
    const Export* const entry = find_export(dll, symbol);
    if (entry == nullptr) return nullptr;
    if (CallTrace::is_on()) CallTrace::note_import(entry->name, dll.bit);
    return entry->address();
}

}  // namespace instdrv::winapi
