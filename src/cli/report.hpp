// Prints the exit report for people; service/report_json.hpp writes it for programs.
#pragma once

#include <instdrv/exit.hpp>
#include <instdrv/host.hpp>

#include <span>

#include "cli/table.hpp"
#include "service/opening.hpp"

namespace instdrv::cli {

// The drivers of a session after opening: one row each.
Table opening_table(std::span<const service::DriverOpening> openings);

// One row per driver: what it answered to each message of the exit, its time and its outcome.
Table report_table(const ExitReport& report);

}  // namespace instdrv::cli
