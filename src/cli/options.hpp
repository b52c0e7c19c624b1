// The options that several subcommands share, and their meanings.
#pragma once

#include <instdrv/host.hpp>

#include "cli/arguments.hpp"
#include "cli/checks.hpp"
#include "cli/fixed_text.hpp"
#include "cli/option.hpp"
#include "supervisor/deadlines.hpp"

namespace instdrv::cli {

// Every command has it without naming it.
inline constexpr Option help_option{
    .name = "--help", .letter = "-h", .help = "Print this help and exit"};
// The program's own.
inline constexpr Option version_option{.name = "--version", .help = "Print the version and exit"};

inline constexpr Option config_option{.name = "--config",
                                      .value = "FILE",
                                      .help = "The system.ini that names the drivers",
                                      .environment = "INSTDRV_CONFIG",
                                      .files = true};

// How drivers are run of which the configuration says nothing.
inline constexpr Option in_process_option{
    .name = "--in-process",
    .help = "Run drivers in this process, not in confined workers: only those you trust"};
inline constexpr FixedText deadline_help =
    FixedText()
        .with("Time a driver has for each message before its worker is ended (")
        .with(supervisor::default_deadline(DRV_OPEN))
        .with(" to open, ")
        .with(supervisor::default_deadline(DRV_USER))
        .with(" for most)");
inline constexpr Option deadline_option{
    .name = "--deadline", .value = "DURATION", .help = deadline_help, .check = check_time};

// For --trace-calls: what is asked for can be traced.
std::string check_traced_calls(const std::string& value);
inline constexpr Option trace_calls_option{
    .name = "--trace-calls",
    .value = "LIST",
    .help =
        "Print the calls that drivers make of Windows' functions, to standard error: DLLs, "
        "functions or all, with commas; -NAME leaves one out",
    .check = check_traced_calls};

inline constexpr Option json_option{.name = "--json", .help = "Print JSON instead of a table"};

// What --config, --in-process, --deadline and --trace-calls ask for. The command has all of them.
HostOptions host_options(const Arguments& arguments);

}  // namespace instdrv::cli
