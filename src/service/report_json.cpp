#include "service/report_json.hpp"

#include <instdrv/crash.hpp>

#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "messages/catalog.hpp"

namespace instdrv::service {
namespace {

using nlohmann::json;

std::string identifier(std::uintptr_t value) { return hex(value); }
std::string identifier(HDRVR handle) { return hex(reinterpret_cast<std::uintptr_t>(handle)); }

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

double milliseconds(std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1000;
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
        {"not_flushed",
         report.not_flushed ? nlohmann::json(report.not_flushed->text()) : nlohmann::json(nullptr)},
        {"drivers", std::move(drivers)},
        {"not_opened", std::move(not_opened)},
    };
}

nlohmann::json error_json(const Error& error) {
    nlohmann::json out = {{"code", name_of(error.code)}, {"text", error.text()}};
    if (error.crash == nullptr) return out;
    auto stack = nlohmann::json::array();
    for (const auto& frame : error.crash->stack)
        stack.push_back(frame.text());
    out["signal"] = error.crash->signal;
    out["stack"] = std::move(stack);
    out["messages"] = error.crash->messages;
    out["output"] = error.crash->output;
    return out;
}

nlohmann::json round_json(const RoundReport& report) {
    auto drivers = json::array();
    for (const auto& driver : report.drivers) {
        drivers.push_back({{"name", driver.name},
                           {"file", driver.file},
                           {"kind", driver.kind},
                           {"handle", identifier(driver.instance)},
                           {"driver_id", identifier(driver.driver_id)},
                           {"result", message_json(driver.message)}});
    }
    const auto took = milliseconds(report.took);
    const auto budget = static_cast<double>(report.budget.count());
    return {{"message", messages::describe(report.message)},
            {"budget_ms", report.budget.count()},
            {"milliseconds", took},
            {"left_ms", std::max(budget - took, 0.0)},
            {"drivers", std::move(drivers)}};
}

std::string text_of(const nlohmann::json& value) { return json_text(value, -1); }

std::string report_line(const ExitReport& report, std::string_view announced_by,
                        std::span<const DriverOpening> openings) {
    return text_of(report_json(report, announced_by, openings));
}

std::string round_line(const RoundReport& report) { return text_of(round_json(report)); }

}  // namespace instdrv::service
