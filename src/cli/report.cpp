#include "cli/report.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/text.hpp"
#include "messages/catalog.hpp"

namespace instdrv::cli {
namespace {

using nlohmann::json;

double milliseconds(std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1000;
}

std::string shown_milliseconds(std::chrono::microseconds time) {
    return fmt::format("{:.1f}", milliseconds(time));
}

std::string identifier(std::uintptr_t value) { return hex(value); }
std::string identifier(HDRVR handle) { return hex(reinterpret_cast<std::uintptr_t>(handle)); }

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

json message_json(const ExitMessage& message) {
    const bool returned =
        message.outcome == ExitOutcome::answered || message.outcome == ExitOutcome::refused;
    return {
        {"message", messages::describe(message.message)},
        {"number", message.message},
        {"phase", name_of(message.phase)},
        {"outcome", name_of(message.outcome)},
        {"answer", returned ? json(message.answer) : json()},
        {"milliseconds", milliseconds(message.took)},
        {"error", message.error ? error_json(*message.error) : json()},
    };
}

json driver_json(const ExitDriver& driver) {
    auto all_messages = json::array();
    for (const auto& message : driver.messages)
        all_messages.push_back(message_json(message));
    return {
        {"name", driver.name},
        {"file", driver.file},
        {"kind", driver.kind},
        {"handle", driver.instance == nullptr ? json() : json(identifier(driver.instance))},
        {"driver_id", identifier(driver.driver_id)},
        {"outcome", driver.outcome()},
        {"ended_well", driver.ended_well()},
        {"milliseconds", milliseconds(driver.took)},
        {"messages", std::move(all_messages)},
    };
}

json unopened_json(const DriverOpening& opening) {
    return {{"name", opening.request.name},
            {"error", opening.error ? error_json(*opening.error) : json()}};
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
            table.add_row({name, Cell::absent(), Cell::absent(), loaded, Cell::absent()});
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

nlohmann::json report_json(const ExitReport& report, std::string_view announced_by,
                           std::span<const DriverOpening> openings) {
    auto drivers = json::array();
    for (const auto& driver : report.drivers)
        drivers.push_back(driver_json(driver));
    auto not_opened = json::array();
    for (const auto& opening : openings) {
        if (!opening.succeeded()) not_opened.push_back(unopened_json(opening));
    }
    return {
        {"reason", name_of(report.options.reason)},
        {"announced_by", announced_by},
        {"ended_well", report.ended_well()},
        {"milliseconds", milliseconds(report.took)},
        {"notify_timeout_ms", report.options.notify_timeout.count()},
        {"close_timeout_ms", report.options.close_timeout.count()},
        {"drivers", std::move(drivers)},
        {"not_opened", std::move(not_opened)},
    };
}

nlohmann::json error_json(const Error& error) {
    return {{"code", name_of(error.code)}, {"text", error.text()}};
}

}  // namespace instdrv::cli
