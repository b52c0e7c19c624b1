#include "winapi/coverage.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace instdrv::winapi {
namespace {

std::size_t count(const Dll& dll, Coverage coverage) {
    return static_cast<std::size_t>(
        std::count_if(dll.exports.begin(), dll.exports.end(),
                      [&](const Export& entry) { return entry.coverage == coverage; }));
}

// A heading's link as Markdown viewers make it: without dots.
std::string anchor(std::string_view heading) {
    std::string link(heading);
    std::erase(link, '.');
    return link;
}

std::string summary(std::span<const Dll> dlls) {
    std::string table = "| DLL | done | partial | stub |\n|---|---:|---:|---:|\n";
    for (const Dll& dll : dlls) {
        table += fmt::format("| [{0}](#{1}) | {2} | {3} | {4} |\n", dll.name, anchor(dll.name),
                             count(dll, Coverage::done), count(dll, Coverage::partial),
                             count(dll, Coverage::stub));
    }
    return table;
}

std::string name_in_table(const Export& entry) {
    const std::string name = entry.name.empty() ? std::string{} : fmt::format("`{}`", entry.name);
    return entry.ordinal == 0 ? name : fmt::format("{} #{}", name, entry.ordinal);
}

std::string section(const Dll& dll) {
    std::string text = fmt::format("\n## {}\n\n", dll.name);
    std::string done;
    std::string rest;
    for (const Export& entry : dll.exports) {
        if (entry.coverage == Coverage::done) {
            done += (done.empty() ? "" : ", ") + name_in_table(entry);
        } else {
            rest += fmt::format("| {} | {} | {} |\n", name_in_table(entry), name_of(entry.coverage),
                                entry.note);
        }
    }
    if (!done.empty()) text += fmt::format("Done: {}.\n", done);
    if (!rest.empty()) text += "\n| function | state | what is missing |\n|---|---|---|\n" + rest;
    return text;
}

constexpr std::string_view introduction =
    "# Windows calls\n"
    "\n"
    "What a Windows driver may import. *Done* behaves as documented. *Partial* works but for what\n"
    "the table names. A *stub* answers the failure that the documentation of the function allows.\n"
    "A function that is not here ends the driver's call with its name as soon as it is called;\n"
    "`instdrv inspect FILE` lists such imports before anything runs.\n"
    "\n"
    "This page is generated from the tables in `src/winapi`. A test fails when it is out of date;\n"
    "`INSTDRV_UPDATE=1` in that test's environment rewrites it.\n"
    "\n";

}  // namespace

std::string coverage_page(std::span<const Dll> dlls) {
    std::string page = std::string(introduction) + summary(dlls);
    for (const Dll& dll : dlls)
        page += section(dll);
    return page;
}

}  // namespace instdrv::winapi
