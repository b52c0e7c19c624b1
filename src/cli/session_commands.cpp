// What the session's commands take, for both programs.
#include "cli/commands.hpp"
#include "cli/fixed_text.hpp"
#include "cli/options.hpp"

namespace instdrv::cli {
namespace {

constexpr FixedText notify_time = FixedText().with(ExitOptions{}.notify_timeout);
constexpr FixedText close_time = FixedText().with(ExitOptions{}.close_timeout);

constexpr Option run_options[] = {
    {.name = "driver",
     .value = "DRIVER",
     .help = "Aliases or files; none: all of the configuration",
     .files = true,
     .repeated = true},
    config_option,
    in_process_option,
    deadline_option,
    trace_calls_option,
    {.name = "--notify-timeout",
     .value = "DURATION",
     .help = "Time for all drivers to answer DRV_EXITSESSION",
     .check = check_time,
     .initial = notify_time},
    {.name = "--close-timeout",
     .value = "DURATION",
     .help = "Time for all drivers to be closed, disabled and freed",
     .check = check_time,
     .initial = close_time},
    {.name = "--report",
     .value = "FILE.json",
     .help = "Write the exit report to this file, as JSON; it replaces an older report",
     .files = true},
    {.name = "--trace",
     .value = "FILE.json",
     .help = "Write every message to this file, for Perfetto or chrome://tracing; it replaces an "
             "older trace",
     .files = true},
    {.name = "--force",
     .help = "Let the report and the trace replace a file that is something else"},
    json_option};

constexpr Option remote_options[] = {json_option};

}  // namespace

constinit const Command run_command{
    .name = "run",
    .summary = "Holds a session of drivers and ends it properly",
    .description =
        "Opens the named drivers, or all of the configuration, prints a table and stays until "
        "SIGTERM, SIGINT or SIGHUP. Then every driver gets DRV_EXITSESSION while all are still "
        "enabled, and each is closed, disabled, freed and unloaded. A driver that cannot be opened "
        "does not keep the others from their session; it makes the exit code 1.",
    .examples =
        "instdrv run msadp32.acm imaadp32.acm\n"
        "instdrv run --config system.ini --report exit.json --notify-timeout 500ms\n"
        "instdrv run --trace session.json msadp32.acm",
    .exit_codes =
        "0 every driver ended well, 1 a driver could not be opened or something else "
        "failed, 2 wrong usage, 3 a driver did not end well",
    .options = run_options,
    .run = session_part};

constinit const Command status_command{
    .name = "status",
    .summary = "Shows the session that is running",
    .description = "It is the one that this user's service, or `instdrv run`, holds.",
    .exit_codes = "0 shown, 1 there is no session or it cannot be asked, 2 wrong usage",
    .options = remote_options,
    .run = session_part};

constinit const Command drill_command{
    .name = "drill",
    .summary = "Rehearses the end of the running session",
    .description =
        "Asks every open instance DRV_QUERYCONFIGURE, which does no harm, in the way it would be "
        "told of the session's end, and says who would be late and how much of the time would be "
        "left.",
    .exit_codes =
        "0 every driver answered in time, 1 the session cannot be asked, 2 wrong usage, "
        "3 a driver was late or failed",
    .options = remote_options,
    .run = session_part};

constinit const Command exit_session_command{
    .name = "exit-session",
    .summary = "Ends the running session",
    .description = "Ends it as SIGTERM would, and waits until it has ended.",
    .exit_codes =
        "0 every driver ended well, 1 the session cannot be asked, 2 wrong usage, 3 a "
        "driver did not end well",
    .options = remote_options,
    .run = session_part};

}  // namespace instdrv::cli
