#include "host/broker.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include <fmt/format.h>

#include "base/text.hpp"
#include "catalog/name.hpp"

namespace instdrv {
namespace {

namespace fs = std::filesystem;

struct Asked {
    const core::Asker& asker;
    std::string_view whole;  // an alias may have spaces in it
    const catalog::DriverName& name;
    const Lookup& lookup;
};

Error refused(const Asked& asked, std::string cause, std::string advice = {}) {
    return {.code = ErrorCode::unsupported,
            .operation = "open " + asked.name.name + " for",
            .driver = asked.asker.name,
            .cause = std::move(cause),
            .advice = std::move(advice)};
}

bool is_below(const fs::path& file, const fs::path& folder) {
    const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
    return end == folder.end();
}

// What changes in a file, its name and its place among them, sets its time of change, which no
// program chooses. It may be that of the tick before, so a little of what is newer counts as older:
// a driver that has just begun cannot write here anyway.
bool is_older(const fs::path& file, std::chrono::system_clock::time_point time) {
    struct stat facts {};
    if (::stat(file.c_str(), &facts) != 0) return false;
    const auto changed = std::chrono::seconds(facts.st_ctim.tv_sec) +
                         std::chrono::nanoseconds(facts.st_ctim.tv_nsec);
    return changed <= time.time_since_epoch();
}

// The file of that name in a folder of the driver's, if it is one that it was installed with.
std::optional<fs::path> own_file(const Asked& asked) {
    for (const auto& folder : asked.asker.folders) {
        for (const auto& name : {asked.name.name, ascii_lower(asked.name.name)}) {
            std::error_code none;
            auto file = fs::canonical(folder / name, none);
            if (none || file.parent_path() != folder || !fs::is_regular_file(file, none)) continue;
            if (is_older(file, asked.asker.began)) return file;
        }
    }
    return std::nullopt;
}

using Found = Result<core::OpenRequest>;

// With the text that stands after it.
Found resolve(const Asked& asked, const std::string& name) {
    return asked.lookup.resolve(fmt::format("\"{}\" {}", name, asked.name.text));
}

// Each gives what it allows, if it allows it.
using Rule = std::optional<Found> (*)(const Asked&);

std::optional<Found> alias(const Asked& asked) {
    auto found = asked.lookup.resolve(asked.whole);
    if (found && found->is_alias) return found;
    return std::nullopt;
}

std::optional<Found> file_of_its_folder(const Asked& asked) {
    if (const auto file = own_file(asked)) return resolve(asked, file->string());
    return std::nullopt;
}

std::optional<Found> named_in_its_settings(const Asked& asked) {
    const auto& names = asked.asker.rights.may_open;
    const auto is_it = [&](const auto& name) {
        return equals_ignoring_case(name, asked.name.name);
    };
    if (std::ranges::any_of(names, is_it)) return resolve(asked, asked.name.name);
    return std::nullopt;
}

constexpr std::array<Rule, 3> rules = {alias, file_of_its_folder, named_in_its_settings};

}  // namespace

Found resolve_for(const core::Asker& asker, std::string_view name, const Lookup& lookup) {
    auto parsed = catalog::parse_driver_name(name);
    if (!parsed) return failure(std::move(parsed).error());
    const Asked asked{asker, name, *parsed, lookup};
    if (parsed->is_path)
        return failure(refused(asked, "a driver may not open files by their path"));
    for (const auto rule : rules) {
        auto found = rule(asked);
        if (!found) continue;
        if (*found && is_below((*found)->module.file, lookup.state_root)) {
            return failure(refused(asked, "it lies where drivers write"));
        }
        return *std::move(found);
    }
    return failure(
        refused(asked, "it is no alias and no file that was installed beside the driver",
                fmt::format("If the driver needs it, write may_open={} into its section of the "
                            "configuration",
                            parsed->name)));
}

bool belongs_to(const core::Asker& asker, const fs::path& file) {
    return std::ranges::find(asker.folders, file.parent_path()) != asker.folders.end();
}

void Refusals::tell(const core::Asker& asker, const Error& refusal) {
    if (!notice_) return;
    const auto what = refusal.text();
    const auto line = refusal.driver == asker.name
                          ? what
                          : fmt::format("{} asked in vain: {}", visible(asker.name), what);
    {
        const std::lock_guard lock(mutex_);
        if (told_.size() == most_told || !told_.insert(line).second) return;
    }
    notice_(line);
}

}  // namespace instdrv
