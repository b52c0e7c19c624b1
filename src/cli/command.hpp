// How a subcommand joins the program.
//
// Each subcommand is one function add_NAME(app, invocation). It declares the subcommand's options
// on `app` and, in the subcommand's callback, stores what there is to do in `invocation.action`.
// The program runs the action after everything was parsed, so a mistake anywhere on the command
// line is reported before anything happens. Options live in a struct that the action keeps alive:
//
//     void add_send(CLI::App& app, Invocation& invocation) {
//         auto options = std::make_shared<SendOptions>();
//         CLI::App* command = app.add_subcommand("send", "Sends one message to a driver");
//         command->add_option("driver", options->driver, "Alias or file")->required();
//         command->callback([options, &invocation] {
//             invocation.action = [options](Console& console) { return send(*options, console); };
//         });
//     }
//
// A group of subcommands (`acm list`, `acm convert`) is an add_subcommand with
// require_subcommand(1) that has subcommands of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/console.hpp"

namespace instdrv::cli {

// What the process ends with. The same in every subcommand.
enum class ExitCode {
    ok = 0,
    failure = 1,        // anything that usage and driver_failed do not name
    usage = 2,          // wrong options or arguments; nothing was done
    driver_failed = 3,  // a driver crashed, hung or broke a call off; in a session: at its end
};

using Action = std::function<ExitCode(Console&)>;

struct Invocation {
    Action action;  // set by the subcommand that was chosen
};

// Prints "instdrv: <text>" to the error stream.
void complain(Console& console, const std::string& text);
// The same for an Error, and the exit code that goes with it.
ExitCode fail(Console& console, const Error& error);

void add_list(CLI::App& app, Invocation& invocation);
void add_inspect(CLI::App& app, Invocation& invocation);
void add_send(CLI::App& app, Invocation& invocation);
void add_acm(CLI::App& app, Invocation& invocation);
void add_doctor(CLI::App& app, Invocation& invocation);
// run, status, drill and exit-session. A program of its own carries them out (session_part.cpp),
// because what it needs of the system takes longer to load than all else that the others do; the
// first program only knows of them (session_elsewhere.cpp). `arguments` are the program's.
void add_session_part(CLI::App& app, Invocation& invocation,
                      std::span<const std::string> arguments);

// The whole program: parses, runs the action, turns it into an exit code.
ExitCode run_program(std::span<const std::string> arguments, Console& console);

}  // namespace instdrv::cli
