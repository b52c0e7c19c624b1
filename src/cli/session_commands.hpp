// The commands that need a session service or hold one: two programs know of them.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/command.hpp"

namespace instdrv::cli {

struct SessionCommand {
    const char* name;
    const char* description;
};
inline constexpr SessionCommand run_command{"run",
                                            "Holds a session of drivers and ends it properly"};
inline constexpr SessionCommand status_command{"status", "Shows the session that is running"};
inline constexpr SessionCommand drill_command{"drill", "Rehearses the end of the running session"};
inline constexpr SessionCommand exit_session_command{"exit-session", "Ends the running session"};

void add_run(CLI::App& app, Invocation& invocation);
// The other three: they talk to a session that `run` holds.
void add_remote_commands(CLI::App& app, Invocation& invocation);

}  // namespace instdrv::cli
