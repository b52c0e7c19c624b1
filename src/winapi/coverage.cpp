#include "winapi/coverage.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

namespace instdrv::winapi {
namespace {

std::size_t count(const Dll& dll, Coverage coverage) {
    return static_cast<std::size_t>(std::ranges::count(dll.exports(), coverage, &Export::coverage));
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

// Names as one paragraph, lines of at most 100 characters.
std::string paragraph(const std::vector<std::string>& names) {
    std::string text = "Done:";
    std::size_t line_begin = 0;
    for (const std::string& name : names) {
        const bool is_last = &name == &names.back();
        const std::string word = name + (is_last ? "." : ",");
        if (text.size() - line_begin + 1 + word.size() > 100) {
            text += '\n';
            line_begin = text.size();
        } else {
            text += ' ';
        }
        text += word;
    }
    return text + '\n';
}

// The DLL before `dll` in the list that exports the same function by the same name; null: none
// does.
const Dll* first_with(const Export& entry, std::span<const Dll> dlls, const Dll& dll) {
    for (const Dll& other : dlls) {
        if (&other == &dll) return nullptr;
        const Export* const same = find_export(other, {.name = entry.name});
        if (same != nullptr && same->address == entry.address) return &other;
    }
    return nullptr;
}

std::string shared_with(const std::map<std::string_view, std::size_t>& counts) {
    std::string text;
    for (const auto& [dll, number] : counts) {
        text += fmt::format("{}{} functions of [{}](#{})", text.empty() ? "Has " : " and ", number,
                            dll, anchor(dll));
    }
    return text.empty() ? text : text + ".\n";
}

std::string section(const Dll& dll, std::span<const Dll> dlls) {
    std::vector<std::string> done;
    std::string rest;
    std::map<std::string_view, std::size_t> shared;
    for (const Export& entry : dll.exports()) {
        if (const Dll* const first = first_with(entry, dlls, dll)) {
            ++shared[first->name];
        } else if (entry.coverage == Coverage::done) {
            done.push_back(name_in_table(entry));
        } else {
            rest += fmt::format("| {} | {} | {} |\n", name_in_table(entry), name_of(entry.coverage),
                                entry.note);
        }
    }
    std::string text = fmt::format("\n## {}\n\n", dll.name) + shared_with(shared);
    if (!done.empty()) text += (shared.empty() ? "" : "\n") + paragraph(done);
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
        page += section(dll, dlls);
    return page;
}

}  // namespace instdrv::winapi
