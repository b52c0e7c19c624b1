// The exit report, for people and for programs.
#pragma once

#include <instdrv/exit.hpp>
#include <instdrv/host.hpp>

#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/opening.hpp"
#include "cli/table.hpp"

namespace instdrv::cli {

// The drivers of a session after opening: one row each.
Table opening_table(std::span<const DriverOpening> openings);

// One row per driver: what it answered to each message of the exit, its time and its outcome.
Table report_table(const ExitReport& report);

// Everything the report says. `openings` adds, as "not_opened", the drivers that never were open.
nlohmann::json report_json(const ExitReport& report, std::string_view announced_by,
                           std::span<const DriverOpening> openings);

// "PE32+ x86-64" and its like are the report's words; identifiers are texts such as "0x1", because
// JSON numbers of many readers hold 53 bits only.
nlohmann::json error_json(const Error& error);

}  // namespace instdrv::cli
