#include "winapi/exports/provided.hpp"

#include <algorithm>
#include <charconv>
#include <deque>

#include <fmt/format.h>

namespace instdrv::winapi {
namespace {

// Cuts off and answers what comes before the next tab, or all.
std::string next_part(std::string_view& line) {
    const auto end = std::min(line.find('\t'), line.size());
    std::string part(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
    return part;
}

int number_in(const std::string& text) {
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

void add_line(std::string_view line, Provided& provided) {
    const auto dll = next_part(line);
    ProvidedFunction function{.name = next_part(line), .note = {}, .first = {}};
    function.ordinal = static_cast<std::uint16_t>(number_in(next_part(line)));
    function.coverage = static_cast<Coverage>(number_in(next_part(line)));
    function.first = next_part(line);
    function.note = line;
    if (function.first.empty()) return;
    if (provided.empty() || provided.back().name != dll) provided.push_back({dll, {}});
    provided.back().functions.push_back(std::move(function));
}

}  // namespace

Provided provided_by(std::span<const Export> lines) {
    std::deque<ExportTable> tables;
    for (const Dll& dll : all_dlls())
        tables.emplace_back(lines, dll.bit);
    const auto first_with = [&](const Export& entry) {
        const auto found = std::ranges::find_if(tables, [&](const ExportTable& table) {
            const Export* const same = table.find(entry.name);
            return same != nullptr && same->address == entry.address;
        });
        return all_dlls()[static_cast<std::size_t>(found - tables.begin())].name;
    };
    Provided provided;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        auto& dll = provided.emplace_back(ProvidedDll{std::string(all_dlls()[i].name), {}});
        for (const Export& entry : tables[i].exports()) {
            dll.functions.push_back({.name = std::string(entry.name),
                                     .ordinal = entry.ordinal,
                                     .coverage = entry.coverage,
                                     .note = std::string(entry.note),
                                     .first = std::string(first_with(entry))});
        }
    }
    return provided;
}

const Provided& provided_here() {
    static const Provided provided = provided_by(every_line());
    return provided;
}

const ProvidedDll* find_dll(const Provided& provided, std::string_view name) {
    const Dll* const dll = find_dll(name);
    if (dll == nullptr) return nullptr;
    const auto found = std::ranges::find(provided, dll->name, &ProvidedDll::name);
    return found == provided.end() ? nullptr : &*found;
}

const ProvidedFunction* find_function(const ProvidedDll& dll, const pe::Symbol& symbol) {
    const auto found = std::ranges::find_if(dll.functions, [&](const ProvidedFunction& function) {
        return symbol.name.empty() ? function.ordinal != 0 && function.ordinal == symbol.ordinal
                                   : function.name == symbol.name;
    });
    return found == dll.functions.end() ? nullptr : &*found;
}

std::string text_of(const Provided& provided) {
    std::string text;
    for (const auto& dll : provided) {
        for (const auto& [name, ordinal, coverage, note, first] : dll.functions) {
            text += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", dll.name, name, ordinal,
                                static_cast<int>(coverage), first, note);
        }
    }
    return text;
}

Provided provided_from_text(std::string_view text) {
    Provided provided;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        add_line(text.substr(0, end), provided);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return provided;
}

}  // namespace instdrv::winapi
