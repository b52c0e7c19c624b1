// The session's commands, in the program that carries them out.
#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace instdrv::cli {

ExitCode session_part(const Arguments& arguments, Console& console) {
    const Command* const command = &arguments.command();
    if (command == &run_command) return hold_session(arguments, console);
    if (command == &status_command) return show_status(arguments, console);
    if (command == &drill_command) return rehearse_exit(arguments, console);
    return end_session(arguments, console);
}

}  // namespace instdrv::cli
