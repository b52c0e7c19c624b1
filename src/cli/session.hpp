// Runs the session's commands.
#pragma once

#include "cli/command.hpp"

namespace instdrv::cli {

ExitCode hold_session(const Arguments& arguments, Console& console);  // run
// These ask a session that another process holds.
ExitCode show_status(const Arguments& arguments, Console& console);
ExitCode rehearse_exit(const Arguments& arguments, Console& console);  // drill
ExitCode end_session(const Arguments& arguments, Console& console);    // exit-session

}  // namespace instdrv::cli
