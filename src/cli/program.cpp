#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"

namespace instdrv::cli {
namespace {

constexpr const char* description =
    "Runs Windows installable drivers (DriverProc DLLs) and native ones for a whole session.\n"
    "\n"
    "Examples:\n"
    "  instdrv inspect msadp32.acm           what is in the file, and does it have all it needs?\n"
    "  instdrv run --config system.ini       open the configured drivers until SIGTERM\n"
    "  instdrv send msadp32.acm DRV_QUERYCONFIGURE\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a driver did not end well.";

struct Command {
    std::string_view name;
    void (*add)(CLI::App& app, Invocation& invocation);
};
constexpr Command commands[] = {{"list", add_list},
                                {"inspect", add_inspect},
                                {"send", add_send},
                                {"acm", add_acm},
                                {"doctor", add_doctor}};

// The command that is named first is all that is needed: making the options of the others takes
// longer than understanding it.
void add_commands(CLI::App& app, Invocation& invocation, std::span<const std::string> arguments) {
    app.require_subcommand(1);
    app.set_version_flag("--version", "instdrv " INSTDRV_VERSION);
    app.get_formatter()->column_width(36);
    const std::string_view first = arguments.empty() ? std::string_view{} : arguments.front();
    const auto* const named = std::ranges::find(commands, first, &Command::name);
    if (named != std::end(commands)) return named->add(app, invocation);
    for (const auto& command : commands)
        command.add(app, invocation);
    add_session_part(app, invocation, arguments);
}

// What was understood of "instdrv acm convert": its words and its innermost command.
std::string chosen_command(const CLI::App& app) {
    const auto chosen = app.get_subcommands();
    if (chosen.empty()) return app.get_name();
    return app.get_name() + " " + chosen_command(*chosen.front());
}

const CLI::App& innermost(const CLI::App& app) {
    const auto chosen = app.get_subcommands();
    return chosen.empty() ? app : innermost(*chosen.front());
}

// CLI11 says that a subcommand is required where one was given that does not exist.
std::string cause_of(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App& command = innermost(app);
    const auto unknown = command.remaining();
    if (command.get_require_subcommand_min() == 0 || unknown.empty()) return error.what();
    return fmt::format("'{}' is no subcommand", unknown.front());
}

// Help and version are no errors to CLI11's callers but exceptions all the same.
ExitCode report_parse_error(const CLI::App& app, const CLI::ParseError& error, Console& console) {
    if (error.get_name() == "CallForVersion") {
        fmt::print(console.out, "{}\n", error.what());
        return ExitCode::ok;
    }
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
        fmt::print(console.out, "{}", app.help());
        return ExitCode::ok;
    }
    complain(console, cause_of(app, error));
    tell(console, fmt::format("Run `{} --help` for what it takes.", chosen_command(app)));
    return ExitCode::usage;
}

// What a command prints is why it was run: lost, it has failed, unless something worse is to be
// said.
ExitCode check_output(ExitCode code, Console& console, int error) {
    if (error == 0 && std::fflush(console.out) != 0) error = errno;
    if (error == 0 && std::ferror(console.out) == 0) return code;
    complain(console, error == 0 ? "the output could not be written in full"
                                 : io_error("write the output", {}, error).text());
    return code == ExitCode::ok ? ExitCode::failure : code;
}

ExitCode run_action(const Action& action, Console& console) {
    try {
        return check_output(action(console), console, 0);
    } catch (const std::system_error& error) {  // of fmt::print
        if (std::ferror(console.out) == 0) throw;
        return check_output(ExitCode::failure, console, error.code().value());
    }
}

}  // namespace

void complain(Console& console, const std::string& text) {
    std::string shown;  // of several lines, where it is the report of a crash
    for (std::string_view rest = text; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        shown += (shown.empty() ? "" : "\n") + visible(line);
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
    tell(console, painted("instdrv:", Tone::bad, console.err_colour) + " " + shown);
}

ExitCode fail(Console& console, const Error& error) {
    complain(console, error.report());
    return ExitCode::failure;
}

ExitCode run_program(std::span<const std::string> arguments, Console& console) {
    CLI::App app(description, "instdrv");
    Invocation invocation;
    add_commands(app, invocation, arguments);
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
    try {
        app.parse(reversed);
        return run_action(invocation.action, console);
    } catch (const CLI::ParseError& error) {
        return run_action([&](Console& to) { return report_parse_error(app, error, to); }, console);
    }
}

}  // namespace instdrv::cli
