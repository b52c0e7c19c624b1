#include "winapi/exports/coverage.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

namespace instdrv::winapi {
namespace {

std::size_t count(const ProvidedDll& dll, Coverage coverage) {
    return static_cast<std::size_t>(
        std::ranges::count(dll.functions, coverage, &ProvidedFunction::coverage));
}

// A heading's link as Markdown viewers make it: without dots.
std::string anchor(std::string_view heading) {
    std::string link(heading);
    std::erase(link, '.');
    return link;
}

std::string counts(const ProvidedDll& dll) {
    return fmt::format("{} | {} | {}", count(dll, Coverage::done), count(dll, Coverage::partial),
                       count(dll, Coverage::stub));
}

std::string summary(const Provided& amd64, const Provided& i386) {
    std::string table =
        "| DLL | done | partial | stub | on i386: done | partial | stub |\n"
        "|---|---:|---:|---:|---:|---:|---:|\n";
    for (std::size_t i = 0; i < amd64.size(); ++i) {
        table += fmt::format("| [{0}](#{1}) | {2} | {3} |\n", amd64[i].name, anchor(amd64[i].name),
                             counts(amd64[i]), counts(i386[i]));
    }
    return table;
}

std::string name_in_table(const ProvidedFunction& entry) {
    const std::string name = entry.name.empty() ? std::string{} : fmt::format("`{}`", entry.name);
    return entry.ordinal == 0 ? name : fmt::format("{} #{}", name, entry.ordinal);
}

// Names as one paragraph, lines of at most 100 characters.
std::string paragraph(std::string_view title, const std::vector<std::string>& names) {
    std::string text = fmt::format("{}:", title);
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

std::string shared_with(const std::map<std::string, std::size_t>& counts) {
    std::string text;
    for (const auto& [dll, number] : counts) {
        text += fmt::format("{}{} functions of [{}](#{})", text.empty() ? "Has " : " and ", number,
                            dll, anchor(dll));
    }
    return text.empty() ? text : text + ".\n";
}

std::string table_row(const ProvidedFunction& entry) {
    return fmt::format("| {} | {} | {} |\n", name_in_table(entry), name_of(entry.coverage),
                       entry.note);
}

constexpr std::string_view table_head = "\n| function | state | what is missing |\n|---|---|---|\n";

std::string on_amd64(const ProvidedDll& dll) {
    std::vector<std::string> done;
    std::string rest;
    std::map<std::string, std::size_t> shared;
    for (const auto& entry : dll.functions) {
        if (entry.first != dll.name) {
            ++shared[entry.first];
        } else if (entry.coverage == Coverage::done) {
            done.push_back(name_in_table(entry));
        } else {
            rest += table_row(entry);
        }
    }
    std::string text = shared_with(shared);
    if (!done.empty()) text += (shared.empty() ? "" : "\n") + paragraph("Done", done);
    if (!rest.empty()) text.append(table_head).append(rest);
    return text;
}

// Names of `dll` that `other` has not.
std::vector<std::string> names_without(const ProvidedDll& dll, const ProvidedDll& other) {
    std::vector<std::string> names;
    for (const auto& entry : dll.functions) {
        if (find_function(other, {.name = entry.name}) == nullptr) {
            names.push_back(name_in_table(entry));
        }
    }
    return names;
}

// What is not the same on i386.
std::string differences(const ProvidedDll& amd64, const ProvidedDll& i386) {
    std::string text;
    if (const auto names = names_without(i386, amd64); !names.empty()) {
        text += "\n" + paragraph("On i386 alone", names);
    }
    if (const auto names = names_without(amd64, i386); !names.empty()) {
        text += "\n" + paragraph("Not on i386", names);
    }
    std::string rows;
    for (const auto& entry : i386.functions) {
        const auto* const other = find_function(amd64, {.name = entry.name});
        const bool is_told = other == nullptr
                                 ? entry.coverage == Coverage::done
                                 : other->coverage == entry.coverage && other->note == entry.note;
        if (!is_told) rows += table_row(entry);
    }
    return rows.empty() ? text : text + "\nOn i386:\n" + std::string(table_head) + rows;
}

constexpr std::string_view introduction =
    "# Windows calls\n"
    "\n"
    "What a Windows driver may import. *Done* behaves as documented. *Partial* works but for what\n"
    "the table names. A *stub* answers the failure that the documentation of the function allows.\n"
    "A function that is not here ends the driver's call with its name as soon as it is called;\n"
    "`instdrv inspect FILE` lists such imports before anything runs.\n"
    "\n"
    "This page is generated from the lines beside the functions in `src/winapi`. A test fails when "
    "it is\n"
    "out of date; `INSTDRV_UPDATE=1` in that test's environment rewrites it. The figures count "
    "those\n"
    "lines, of the build for amd64 and of that for i386. What a line says was judged by the "
    "function's\n"
    "documentation; tests compare with Wine what both can be asked, which is a part of them.\n"
    "\n";

}  // namespace

std::string coverage_page(const Provided& amd64, const Provided& i386) {
    std::string page = std::string(introduction) + summary(amd64, i386);
    for (std::size_t i = 0; i < amd64.size(); ++i) {
        page += fmt::format("\n## {}\n\n", amd64[i].name) + on_amd64(amd64[i]) +
                differences(amd64[i], i386[i]);
    }
    return page;
}

}  // namespace instdrv::winapi
