#include "service/log.hpp"

#include <cstdlib>
#include <string_view>
#include <vector>

#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>

#include <fmt/format.h>
#include <systemd/sd-journal.h>

#include "messages/catalog.hpp"
#include "service/report_json.hpp"

namespace instdrv::service {
namespace {

// JOURNAL_STREAM names the device and inode of the stream that systemd made for us.
bool is_journal(std::FILE* file) {
    const char* const stream = std::getenv("JOURNAL_STREAM");
    struct stat seen {};
    if (stream == nullptr || fstat(fileno(file), &seen) != 0) return false;
    return std::string_view(stream) == fmt::format("{}:{}", seen.st_dev, seen.st_ino);
}

void send_to_journal(const std::vector<std::string>& fields) {
    std::vector<iovec> parts;
    parts.reserve(fields.size());
    for (const auto& field : fields) {
        parts.push_back({const_cast<char*>(field.data()), field.size()});
    }
    static_cast<void>(sd_journal_sendv(parts.data(), static_cast<int>(parts.size())));
}

bool went_well(ExitOutcome outcome) {
    return outcome == ExitOutcome::answered || outcome == ExitOutcome::closed;
}

}  // namespace

Log::Log(std::FILE* err) : err_(err), journal_(is_journal(err)) {}

void Log::note(const std::string& text) const {
    if (journal_) {
        return send_to_journal({"MESSAGE=" + text, fmt::format("PRIORITY={}", LOG_NOTICE),
                                "SYSLOG_IDENTIFIER=instdrv"});
    }
    fmt::print(err_, "instdrv: {}\n", text);
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
    if (journal_) {
        return send_to_journal(
            {"MESSAGE=" + text, fmt::format("PRIORITY={}", well ? LOG_INFO : LOG_WARNING),
             "SYSLOG_IDENTIFIER=instdrv", "INSTDRV_DRIVER=" + driver, "INSTDRV_MESSAGE=" + name,
             fmt::format("INSTDRV_OUTCOME={}", name_of(message.outcome)),
             fmt::format("INSTDRV_MS={:.3f}", took)});
    }
    if (!well) fmt::print(err_, "instdrv: {}\n", text);
}

}  // namespace instdrv::service
