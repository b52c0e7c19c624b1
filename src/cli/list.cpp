#include <filesystem>
#include <string>

#include "cli/commands.hpp"
#include "cli/machine.hpp"
#include "cli/options.hpp"
#include "cli/table.hpp"
#include "host/resolver.hpp"
#include "host/state_folders.hpp"
#include "host/state_root.hpp"
#include "image/probe.hpp"
#include "parser/parser.hpp"
#include "supervisor/worker_loader.hpp"

namespace instdrv::cli {
namespace {

constexpr Option list_options[] = {config_option, json_option};

// What stands behind an alias: its file's kind, or why it would not be opened.
struct Found {
    std::string text;
    Cell file = Cell::absent();
    Cell kind = Cell::absent();
    Cell state{"ok", Tone::good};
};

Found look_up(Resolver& resolver, parser::Parser& parser, const std::string& alias,
              const std::string& section) {
    Found found;
    const auto request = resolver.resolve(alias, section, {});
    if (!request) {
        found.state = Cell(request.error().cause, Tone::bad);
        return found;
    }
    found.text = request->text;
    found.file = request->module.file.string();
    const auto kind = parser.kind_of(request->module.file);
    if (!kind) {
        found.state = Cell(kind.error().cause, Tone::bad);
        return found;
    }
    found.kind = Cell(image::name_of(*kind));
    if (image::is_for_i386(*kind) && !kernel_runs_i386()) {
        found.state = Cell(no_i386, Tone::bad);
        return found;
    }
    if (request->module.placement == Placement::in_process) return found;
    if (const auto loadable = supervisor::check_loadable(request->module); !loadable)
        found.state = Cell(loadable.error().cause, Tone::bad);
    return found;
}

Table table_of(Resolver& resolver, const catalog::Catalog& catalog) {
    Table table({{"alias", "ALIAS"},
                 {"section", "SECTION"},
                 {"state", "STATE", Align::left, true},
                 {"kind", "KIND"},
                 {"text", "TEXT", Align::left, true},
                 {"file", "FILE", Align::left, true}});
    parser::Parser parser;
    for (const auto& name : catalog.boot_drivers()) {
        auto found = look_up(resolver, parser, name, {});
        table.add_row({name, "boot", found.state, found.kind, found.text, found.file});
    }
    for (const auto& entry : catalog.drivers()) {
        auto found = look_up(resolver, parser, entry.alias, entry.section);
        table.add_row(
            {entry.alias, entry.section, found.state, found.kind, found.text, found.file});
    }
    return table;
}

ExitCode list_drivers(const Arguments& arguments, Console& console) {
    const std::filesystem::path config = arguments.text("--config");
    const bool as_json = arguments.given("--json");
    if (config.empty()) {
        complain(console,
                 "there is no configuration to list. Pass --config FILE or set "
                 "INSTDRV_CONFIG; `instdrv list --help` shows what one looks like.");
        return ExitCode::usage;
    }
    const StateFolders folders(state_root({}), {});
    Resolver resolver(config, &folders, [&console](const auto& line) { complain(console, line); });
    const auto catalog = resolver.catalog();
    if (!catalog) return fail(console, catalog.error());
    const auto table = table_of(resolver, **catalog);
    if (table.empty() && !as_json) {
        complain(console, config.string() + " names no drivers");
        return ExitCode::ok;
    }
    print(console, table, as_json);
    return ExitCode::ok;
}

}  // namespace

constinit const Command list_command{.name = "list",
                                     .summary = "Lists the drivers of a configuration",
                                     .description =
                                         "A system.ini has lines such as\n\n"
                                         "  [drivers32]\n"
                                         "  msacm.msadpcm=msadp32.acm",
                                     .examples = "instdrv list --config system.ini",
                                     .options = list_options,
                                     .run = list_drivers};

}  // namespace instdrv::cli
