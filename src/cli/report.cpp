#include "cli/report.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"
#include "service/report_json.hpp"

namespace instdrv::cli {
namespace {

using service::DriverOpening;

std::string shown_milliseconds(std::chrono::microseconds time) {
    return fmt::format("{:.1f}", service::milliseconds(time));
}

std::string identifier(std::uintptr_t value) { return hex(value); }

Tone tone_of(ExitOutcome outcome) {
    switch (outcome) {
        case ExitOutcome::answered: return Tone::plain;
        case ExitOutcome::closed: return Tone::faint;
        case ExitOutcome::refused: return Tone::warning;
        default: return Tone::bad;
    }
}

// The answer where there is one, else why there is none; a dash where the message was not due.
Cell message_cell(const ExitDriver& driver, UINT number) {
    const auto message = std::find_if(driver.messages.begin(), driver.messages.end(),
                                      [&](const ExitMessage& m) { return m.message == number; });
    if (message == driver.messages.end()) return Cell::absent();
    if (message->outcome == ExitOutcome::answered) return fmt::format("{}", message->answer);
    return {name_of(message->outcome), tone_of(message->outcome)};
}

}  // namespace

Table opening_table(std::span<const DriverOpening> openings) {
    Table table({{"name", "DRIVER", Align::left, true},
                 {"kind", "KIND"},
                 {"driver_id", "DRIVER ID"},
                 {"state", "STATE"},
                 {"file", "FILE", Align::left, true}});
    for (const auto& opening : openings) {
        const auto& name = opening.request.name;
        if (!opening.succeeded()) {
            const char* state = opening.finished ? "failed" : "not opened";
            table.add_row(
                {name, Cell::absent(), Cell::absent(), {state, Tone::bad}, Cell::absent()});
        } else if (const auto& info = opening.info) {
            const Cell open("open", Tone::good);
            table.add_row({name, info->kind, identifier(info->driver_id), open, info->file});
        } else {
            const Cell loaded("loaded", Tone::good);
            table.add_row({name, opening.kind, Cell::absent(), loaded, opening.file});
        }
    }
    return table;
}

Table report_table(const ExitReport& report) {
    Table table({{"name", "DRIVER", Align::left, true},
                 {"kind", "KIND"},
                 {"driver_id", "DRIVER ID"},
                 {"exit_session", "EXITSESSION", Align::right},
                 {"close", "CLOSE", Align::right},
                 {"disable", "DISABLE", Align::right},
                 {"free", "FREE", Align::right},
                 {"milliseconds", "MS", Align::right},
                 {"outcome", "OUTCOME"},
                 {"file", "FILE", Align::left, true}});
    for (const auto& driver : report.drivers) {
        table.add_row({driver.name, driver.kind, identifier(driver.driver_id),
                       message_cell(driver, DRV_EXITSESSION), message_cell(driver, DRV_CLOSE),
                       message_cell(driver, DRV_DISABLE), message_cell(driver, DRV_FREE),
                       shown_milliseconds(driver.took),
                       Cell(driver.outcome(), driver.ended_well() ? Tone::good : Tone::bad),
                       driver.file});
    }
    return table;
}

}  // namespace instdrv::cli
