#include "cli/commands.hpp"

namespace instdrv::cli {
namespace {

constexpr const Command* commands[] = {
    &list_command,         &inspect_command,     &send_command,   &acm_command,
    &doctor_command,       &run_command,         &status_command, &drill_command,
    &exit_session_command, &completions_command, &manual_command};

constexpr const Command* acm_commands[] = {&acm_list_command, &acm_convert_command};

}  // namespace

constinit const Command program_command{
    .name = "instdrv",
    .summary =
        "Runs Windows installable drivers (DriverProc DLLs) and native ones for a whole session",
    .examples =
        "instdrv inspect msadp32.acm         what is it, and has it all it needs?\n"
        "instdrv run --config system.ini     open configured drivers until SIGTERM\n"
        "instdrv send msadp32.acm DRV_QUERYCONFIGURE",
    .exit_codes = "0 done, 1 failed, 2 wrong usage, 3 a driver did not end well",
    .commands = commands};

constinit const Command acm_command{
    .name = "acm", .summary = "Converts sound through ACM drivers", .commands = acm_commands};

}  // namespace instdrv::cli
