// The export table of each DLL that instdrv provides: the functions that a driver may import, and
// how well each works. The tables are made of the export lines (export.hpp); they feed the loader
// of drivers, `instdrv inspect` and the coverage page of the docs.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image/pe/environment.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi {

std::string_view name_of(Coverage coverage) noexcept;

// Every line that this program is linked with, in no order.
std::span<const Export> every_line() noexcept;

// What one DLL exports: those of the lines that have its bit, and the forms with a locale. It
// refers to the names and notes of the lines.
class ExportTable {
public:
    ExportTable(std::span<const Export> lines, Dlls bit);
    ExportTable(const ExportTable&) = delete;
    ExportTable& operator=(const ExportTable&) = delete;
    ~ExportTable() = default;

    // Sorted by name, each name once.
    [[nodiscard]] std::span<const Export> exports() const noexcept { return exports_; }
    // Null: there is no function of that name.
    [[nodiscard]] const Export* find(std::string_view name) const;

private:
    std::vector<Export> exports_;
    std::deque<std::string> locale_names_;  // a deque never moves what is in it
};

struct Dll {
    std::string_view name;  // "kernel32.dll", lower case
    Dlls bit;               // the one that its exports have

    // A driver needs few of the DLLs, so each makes its table on first use. [any thread]
    [[nodiscard]] const ExportTable& table() const;
    // Those of the table.
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

// Sets what gives the variables of the C runtimes (_environ, _timezone ...) their first values. It
// is called once, before a driver can import from a runtime. Set before main by the runtimes, which
// lie above this folder.
void prepare_runtimes_with(void (*prepare)()) noexcept;

// The DLLs that export a function of that name; of two functions of one name, those of either.
Dlls dlls_of(std::string_view function) noexcept;

}  // namespace instdrv::winapi
