#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/inspection.hpp"
#include "cli/options.hpp"
#include "cli/table.hpp"
#include "host/resolver.hpp"

namespace instdrv::cli {
namespace {

constexpr Option inspect_options[] = {{.name = "file",
                                       .value = "FILE",
                                       .help = "A Windows DLL or a native driver; or its alias",
                                       .files = true,
                                       .required = true},
                                      {.name = "--all", .help = "List provided imports too"},
                                      config_option,
                                      json_option};

Tone tone_of(Provision provision) {
    switch (provision) {
        case Provision::provided: return Tone::good;
        case Provision::partial:
        case Provision::stub: return Tone::warning;
        case Provision::missing: return Tone::bad;
    }
    return Tone::plain;
}

Table export_table(const Inspection& inspection) {
    Table table({{"name", "EXPORT", Align::left, true},
                 {"ordinal", "ORDINAL", Align::right},
                 {"forwarder", "FORWARDED TO", Align::left, true}});
    for (const auto& entry : inspection.exports) {
        table.add_row({entry.name.empty() ? Cell::absent() : Cell(entry.name),
                       entry.ordinal == 0
                           ? Cell::absent()
                           : Cell::of(fmt::format("{}", entry.ordinal), entry.ordinal),
                       entry.forwarder});
    }
    return table;
}

Table library_table(const Inspection& inspection) {
    Table table({{"name", "IMPORTS FROM"},
                 {"provider", "PROVIDED BY", Align::left, true},
                 {"provided", "PROVIDED", Align::right},
                 {"partial", "PARTIAL", Align::right},
                 {"stub", "STUB", Align::right},
                 {"missing", "MISSING", Align::right}});
    const auto counted = [](const ImportedLibrary& library, Provision provision) {
        const auto count = library.count(provision);
        const Tone tone = count == 0 ? Tone::faint : tone_of(provision);
        return Cell::of(fmt::format("{}", count), count, tone);
    };
    for (const auto& library : inspection.imports) {
        const Cell nobody = Cell::of("nobody", nullptr, Tone::bad);
        table.add_row({library.name + (library.delayed ? " (delayed)" : ""),
                       library.provider.empty() ? nobody : Cell(library.provider),
                       counted(library, Provision::provided), counted(library, Provision::partial),
                       counted(library, Provision::stub), counted(library, Provision::missing)});
    }
    return table;
}

Table function_table(const Inspection& inspection, bool all) {
    Table table({{"library", "FROM"},
                 {"name", "FUNCTION", Align::left, true},
                 {"status", "STATUS"},
                 {"note", "WHAT IS MISSING", Align::left, true}});
    for (const auto& library : inspection.imports) {
        for (const auto& function : library.functions) {
            if (!all && function.provision == Provision::provided) continue;
            const Cell status(name_of(function.provision), tone_of(function.provision));
            table.add_row({library.name, function.name, status, function.note});
        }
    }
    return table;
}

nlohmann::json json_of(const Inspection& inspection) {
    auto version = nlohmann::json::object();
    for (const auto& [name, value] : inspection.version)
        version[name] = value;
    return {
        {"file", inspection.file.string()},
        {"kind", inspection.kind},
        {"machine", inspection.machine},
        {"loadable", inspection.obstacle.empty()},
        {"obstacle",
         inspection.obstacle.empty() ? nlohmann::json() : nlohmann::json(inspection.obstacle)},
        {"warnings", inspection.warnings},
        {"version", std::move(version)},
        {"exports", export_table(inspection).json()},
        {"libraries", library_table(inspection).json()},
        {"imports", function_table(inspection, true).json()},
    };
}

void print_section(Console& console, const Table& table) {
    if (table.empty()) return;
    fmt::print(console.out, "\n");
    print(console, table, false);
}

void print_text(Console& console, const Inspection& inspection, bool all) {
    const auto line = [&](std::string_view label, std::string_view value, Tone tone = Tone::plain) {
        fmt::print(console.out, "{:<18} {}\n", label,
                   painted(visible(value), tone, console.out_colour));
    };
    line("file", inspection.file.string());
    line("kind", inspection.kind);
    if (inspection.obstacle.empty()) {
        line("driver", "yes, it can be opened", Tone::good);
    } else {
        line("driver", "cannot be opened here: " + inspection.obstacle, Tone::bad);
    }
    for (const auto& [name, value] : inspection.version)
        line(name, value);
    for (const auto& warning : inspection.warnings)
        line("warning", warning, Tone::warning);
    print_section(console, export_table(inspection));
    print_section(console, library_table(inspection));
    print_section(console, function_table(inspection, all));
}

// A file as it is named, else a driver by the names that `run` and `send` take.
Result<std::filesystem::path> file_of(const Arguments& arguments) {
    const auto file = arguments.text("file");
    std::error_code error;
    if (std::filesystem::exists(file, error)) return std::filesystem::path(file);
    Resolver resolver(arguments.text("--config"));
    return resolver.resolve(file, {}, {}).map([](const auto& found) { return found.module.file; });
}

ExitCode inspect(const Arguments& arguments, Console& console) {
    parser::Parser parser;
    const auto inspection = file_of(arguments).and_then(
        [&](const std::filesystem::path& file) { return inspect_file(file, parser); });
    if (!inspection) return fail(console, inspection.error());
    if (arguments.given("--json")) {
        print(console, json_of(*inspection));
    } else {
        print_text(console, *inspection, arguments.given("--all"));
    }
    return ExitCode::ok;
}

}  // namespace

constinit const Command inspect_command{
    .name = "inspect",
    .summary = "Shows what a driver file is and needs",
    .description =
        "Nothing of the file is run. Imports are sorted into provided, partial (works, but for "
        "what "
        "the note says), stub (answers the documented failure) and missing (calling it breaks the "
        "call off).",
    .examples =
        "instdrv inspect msadp32.acm\n"
        "instdrv inspect --json l3codeca.acm",
    .options = inspect_options,
    .run = inspect};

}  // namespace instdrv::cli
