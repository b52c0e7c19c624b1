// Options that several subcommands share.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include <instdrv/host.hpp>

namespace instdrv::cli {

// Declares an option whose value is a duration; its default is what `target` holds.
CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& target,
                          const std::string& help);

// --config FILE, or the environment variable INSTDRV_CONFIG.
CLI::Option* add_config(CLI::App& app, std::filesystem::path& target);

// --in-process and --deadline: how drivers are run of which the configuration says nothing.
void add_placement(CLI::App& app, HostOptions& target);

// --force: how files are treated that are there already.
CLI::Option* add_force(CLI::App& app, bool& target, const std::string& help);

// --json
CLI::Option* add_json(CLI::App& app, bool& target);

// An integer in decimal or 0x hexadecimal, with an optional sign, of 64 bits signed or unsigned.
std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace instdrv::cli
