// A subcommand as data, and the program that is made of subcommands.
//
// A subcommand describes itself as data: its name, its texts, its options, and the function that
// runs it. It is a constant in the subcommand's source, declared in commands.hpp and listed in
// commands.cpp:
//
//     constexpr Option options[] = {
//         {.name = "driver", .value = "DRIVER", .help = "Alias or file", .required = true},
//         json_option};
//
//     ExitCode send(const Arguments& arguments, Console& console);
//
//     constinit const Command send_command{.name = "send",
//                                          .summary = "Sends one message to a driver",
//                                          .options = options,
//                                          .run = send};
//
// No command runs before the whole command line was parsed and checked, so a mistake anywhere is
// reported before anything happens. A group of subcommands (`acm list`, `acm convert`) is a Command
// that has `commands` and neither options nor a function.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/arguments.hpp"
#include "cli/console.hpp"
#include "cli/option.hpp"

namespace instdrv::cli {

// What the process ends with. The same in every subcommand.
enum class ExitCode {
    ok = 0,
    failure = 1,        // anything that usage and driver_failed do not name
    usage = 2,          // wrong options or arguments; nothing was done
    driver_failed = 3,  // a driver crashed, hung or broke a call off; in a session: at its end
};

struct Command {
    std::string_view name;
    std::string_view summary;  // one line, without a full stop
    // Paragraphs, separated by empty lines and broken anywhere; lines that begin with a blank stay
    // as they are.
    std::string_view description{};
    std::string_view examples{};    // lines, each at most 78 columns wide
    std::string_view exit_codes{};  // "0 shown, 1 failed"; empty: "0 done, 1 failed, 2 wrong usage"
    std::span<const Option> options{};
    std::span<const Command* const> commands{};
    ExitCode (*run)(const Arguments& arguments, Console& console) = nullptr;
};

// Prints "instdrv: <text>" to the error stream.
void complain(Console& console, const std::string& text);
// The same for an Error, and the exit code that goes with it.
ExitCode fail(Console& console, const Error& error);

// The whole program: parses, carries out, turns it into an exit code. `words` are those after the
// program's name.
ExitCode run_program(std::span<const std::string> words, Console& console);

}  // namespace instdrv::cli
