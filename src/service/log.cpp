#include "service/log.hpp"

#include <syslog.h>

#include <fmt/format.h>

#include "base/text.hpp"
#include "messages/catalog.hpp"
#include "service/report_json.hpp"

namespace instdrv::service {
namespace {

bool went_well(ExitOutcome outcome) {
    return outcome == ExitOutcome::answered || outcome == ExitOutcome::closed;
}

}  // namespace

void Log::note(const std::string& said) const {
    const auto text = visible(said);
    if (journal_) {
        return out_.put_entry({"MESSAGE=" + text, fmt::format("PRIORITY={}", LOG_NOTICE),
                               "SYSLOG_IDENTIFIER=instdrv"});
    }
    out_.put(fmt::format("instdrv: {}\n", text));
}

void Log::report(const ExitReport& report) const {
    for (const auto& driver : report.drivers) {
        for (const auto& one : driver.messages)
            message(driver.name, one);
    }
    if (report.not_flushed) {
        note(report.not_flushed->text() +
             ". What drivers wrote may be lost if the machine loses power");
    }
}

void Log::report(const RoundReport& report) const {
    for (const auto& driver : report.drivers)
        message(driver.name, driver.message);
}

void Log::message(const std::string& driver, const ExitMessage& message) const {
    const bool well = went_well(message.outcome);
    const auto name = messages::describe(message.message);
    const auto took = milliseconds(message.took);
    auto text =
        fmt::format("{}: {} {} after {:.1f} ms", driver, name, name_of(message.outcome), took);
    if (message.error) text += ": " + message.error->cause;
    text = visible(text);
    if (journal_) {
        return out_.put_entry(
            {"MESSAGE=" + text, fmt::format("PRIORITY={}", well ? LOG_INFO : LOG_WARNING),
             "SYSLOG_IDENTIFIER=instdrv", "INSTDRV_DRIVER=" + driver, "INSTDRV_MESSAGE=" + name,
             fmt::format("INSTDRV_OUTCOME={}", name_of(message.outcome)),
             fmt::format("INSTDRV_MS={:.3f}", took)});
    }
    if (!well) out_.put(fmt::format("instdrv: {}\n", text));
}

}  // namespace instdrv::service
