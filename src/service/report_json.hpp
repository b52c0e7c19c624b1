// Writes reports as JSON. Identifiers are texts such as "0x1", because the numbers of many JSON
// readers hold 53 bits only; times are milliseconds.
#pragma once

#include <instdrv/exit.hpp>
#include <instdrv/host.hpp>

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "service/opening.hpp"

namespace instdrv::service {

// Everything the report says. `openings` adds, as "not_opened", the drivers that never were open.
nlohmann::json report_json(const ExitReport& report, std::string_view announced_by,
                           std::span<const DriverOpening> openings);

// A round: what each driver answered, and how much of the budget was left when the last had.
nlohmann::json round_json(const RoundReport& report);

nlohmann::json error_json(const Error& error);

// One line, whatever bytes names are made of.
std::string text_of(const nlohmann::json& value);
// The same for a report and a round, for callers that need nothing else of JSON.
std::string report_line(const ExitReport& report, std::string_view announced_by,
                        std::span<const DriverOpening> openings);
std::string round_line(const RoundReport& report);

double milliseconds(std::chrono::microseconds time);

}  // namespace instdrv::service
