#include "service/session_record.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/fd.hpp"
#include "base/json_text.hpp"

namespace instdrv::service {
namespace {

using nlohmann::json;

constexpr int version = 1;
constexpr std::array stage_names = {"opening", "open", "told", "closed", "ended"};

const char* name_of(Stage stage) { return stage_names.at(static_cast<std::size_t>(stage)); }

Result<Stage> stage_named(const std::string& name) {
    const auto* const found = std::find(stage_names.begin(), stage_names.end(), name);
    if (found != stage_names.end()) return static_cast<Stage>(found - stage_names.begin());
    return failure(Error{.code = ErrorCode::io,
                         .operation = "read the record of a session",
                         .cause = "it has a stage named " + name});
}

std::string reason(const RecordedDriver& driver) {
    switch (driver.stage) {
        case Stage::opening: return "it was being opened";
        case Stage::open: return "it was open and was not told of the end";
        case Stage::told: return "it was told of the end but not closed";
        case Stage::closed: return "it was closed but not freed";
        case Stage::ended: return driver.trouble;
    }
    return "";
}

}  // namespace

std::string current_boot() {
    const Fd fd(::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
    std::array<char, 36> id{};
    const auto got = ::read(fd.get(), id.data(), id.size());
    return {id.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

std::vector<std::string> unfinished(const SessionRecord& record, const std::string& boot) {
    const std::string how = record.complete       ? ""
                            : record.boot != boot ? " when the machine went down"
                                                  : " when the service was killed";
    std::vector<std::string> lines;
    std::set<std::string> known;
    for (const auto& driver : record.drivers) {
        if (driver.stage == Stage::ended && driver.trouble.empty()) continue;
        const auto why = driver.trouble.empty() ? reason(driver) + how : driver.trouble;
        auto line = fmt::format("{} did not end properly last time: {}", driver.name, why);
        // Several instances of one driver have mostly one end.
        if (!known.insert(line).second) continue;
        if (lines.size() < most_lines) lines.push_back(std::move(line));
    }
    if (known.size() > lines.size()) {
        lines.push_back(fmt::format("{} more drivers did not end properly last time",
                                    known.size() - lines.size()));
    }
    return lines;
}

std::string to_text(const SessionRecord& record) {
    auto drivers = json::array();
    for (const auto& driver : record.drivers) {
        drivers.push_back({{"name", driver.name},
                           {"file", driver.file},
                           {"stage", name_of(driver.stage)},
                           {"trouble", driver.trouble},
                           {"count", driver.count}});
    }
    return json_text({{"version", version},
                      {"boot", record.boot},
                      {"process", record.process},
                      {"ended_by", record.ended_by},
                      {"complete", record.complete},
                      {"drivers", std::move(drivers)}},
                     2) +
           "\n";
}

Result<SessionRecord> parse_record(const std::string& text) try {
    const auto read = json::parse(text);
    if (read.at("version") != version) {
        return failure(Error{.code = ErrorCode::unsupported,
                             .operation = "read the record of a session",
                             .cause = "it is of another version"});
    }
    SessionRecord record{.boot = read.at("boot"),
                         .process = read.at("process"),
                         .ended_by = read.at("ended_by"),
                         .complete = read.at("complete")};
    for (const auto& one : read.at("drivers")) {
        const auto stage = stage_named(one.at("stage"));
        if (!stage) return failure(stage.error());
        record.drivers.push_back({.name = one.at("name"),
                                  .file = one.at("file"),
                                  .stage = *stage,
                                  .trouble = one.at("trouble"),
                                  .count = one.value("count", std::size_t{1})});
    }
    return record;
} catch (const json::exception& error) {
    return failure(Error{
        .code = ErrorCode::io, .operation = "read the record of a session", .cause = error.what()});
}

Result<std::optional<SessionRecord>> read_record(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return std::nullopt;
    auto content = read_file(file, largest_record);
    if (!content) {
        content.error().operation = "read the record of a session";
        return failure(std::move(content.error()));
    }
    return parse_record({reinterpret_cast<const char*>(content->data()), content->size()});
}

}  // namespace instdrv::service
