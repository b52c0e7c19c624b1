// The list of all commands.
#pragma once

#include "cli/command.hpp"

namespace instdrv::cli {

// The program itself, with its commands in the order of --help.
extern const Command program_command;

extern const Command list_command;
extern const Command inspect_command;
extern const Command send_command;
extern const Command acm_command;
extern const Command acm_list_command;
extern const Command acm_convert_command;
extern const Command doctor_command;
extern const Command completions_command;
extern const Command manual_command;

// These need a session service or hold one. What that needs of the system takes longer to load than
// all else that the others do, so a program of its own carries them out (session_part.cpp). The
// first program knows what they take and becomes the other (session_elsewhere.cpp).
extern const Command run_command;
extern const Command status_command;
extern const Command drill_command;
extern const Command exit_session_command;

// Carries out one of the four; each of the two programs has its own.
ExitCode session_part(const Arguments& arguments, Console& console);

}  // namespace instdrv::cli
