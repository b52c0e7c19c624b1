// Options that several subcommands share.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace instdrv::cli {

// Declares an option whose value is a duration; its default is what `target` holds.
CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& target,
                          const std::string& help);

// --config FILE, or the environment variable INSTDRV_CONFIG.
CLI::Option* add_config(CLI::App& app, std::filesystem::path& target);

// --json
CLI::Option* add_json(CLI::App& app, bool& target);

// An integer in decimal or 0x hexadecimal, with an optional sign, of 64 bits signed or unsigned.
std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace instdrv::cli
