#include "catalog/catalog.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "catalog/driver_settings.hpp"
#include "catalog/find_file.hpp"

namespace instdrv::catalog {
namespace {

constexpr std::array<std::string_view, 4> driver_sections = {"drivers32", "drivers", "mci32",
                                                             "mci"};
constexpr std::string_view own_section = "instdrv";
constexpr std::string_view settings_prefix = "instdrv.";

// NAME of a section [instdrv.NAME].
std::optional<std::string_view> settings_name(std::string_view section) {
    const auto prefix = section.substr(0, settings_prefix.size());
    if (!equals_ignoring_case(prefix, settings_prefix)) return std::nullopt;
    return section.substr(settings_prefix.size());
}

// Entries of our own sections: a name or value nobody knows is a mistake, not somebody else's.
Status check(const IniEntry& entry) {
    if (equals_ignoring_case(entry.section, own_section)) {
        if (equals_ignoring_case(entry.key, "path")) return {};
        return failure(error_at(entry.line, fmt::format("[instdrv] has no entry \"{}\"", entry.key),
                                "It has path=."));
    }
    return settings_name(entry.section) ? check_setting(entry) : Status();
}

Error about(const std::filesystem::path& file, Error error) {
    error.driver = file.string();
    return error;
}

bool is_driver_section(std::string_view section) {
    return std::any_of(driver_sections.begin(), driver_sections.end(), [&](std::string_view known) {
        return equals_ignoring_case(section, known);
    });
}

Entry entry_of(const IniEntry& entry) {
    return {.alias = entry.key, .section = entry.section, .value = entry.value, .line = entry.line};
}

}  // namespace

Result<Catalog> Catalog::from_file(const std::filesystem::path& file) {
    auto content = read_file(file, Ini::longest_file);
    if (!content) {
        auto error = std::move(content.error());
        error.operation = "read the configuration";
        return failure(std::move(error));
    }
    return from_bytes(*content, file);
}

Result<Catalog> Catalog::from_bytes(std::span<const std::byte> content,
                                    std::filesystem::path file) {
    auto ini = Ini::parse(content);
    if (!ini) return failure(about(file, std::move(ini.error())));
    for (const auto& entry : ini->entries()) {
        if (auto status = check(entry); !status) {
            return failure(about(file, std::move(status.error())));
        }
    }
    Catalog catalog;
    catalog.file_ = std::move(file);
    catalog.ini_ = std::move(*ini);
    const auto folder = catalog.file_.parent_path();
    catalog.folders_.push_back(folder.empty() ? "." : folder);
    if (const auto* path = catalog.ini_.find(own_section, "path")) {
        for (const auto& more : split(path->value, ":"))
            catalog.folders_.push_back(folder / more);
    }
    return catalog;
}

std::optional<Entry> Catalog::lookup(std::string_view alias, std::string_view section) const {
    const auto* found = ini_.find(section.empty() ? "drivers32" : section, alias);
    if (found == nullptr && section.empty()) found = ini_.find("drivers", alias);
    return found == nullptr ? std::nullopt : std::optional(entry_of(*found));
}

std::vector<Entry> Catalog::drivers() const {
    std::vector<Entry> drivers;
    for (const auto& entry : ini_.entries()) {
        if (is_driver_section(entry.section) && !entry.value.empty()) {
            drivers.push_back(entry_of(entry));
        }
    }
    return drivers;
}

std::vector<std::string> Catalog::boot_drivers() const {
    const auto* entry = ini_.find("boot", "drivers");
    return entry == nullptr ? std::vector<std::string>{} : split(entry->value, " \t,");
}

std::optional<std::filesystem::path> Catalog::find_file(std::string_view name) const {
    return catalog::find_file(name, folders_);
}

DriverSettings Catalog::settings(std::string_view alias, const IsItsFile& is_its_file) const {
    DriverSettings settings;
    for (const auto& entry : ini_.entries()) {
        const auto name = settings_name(entry.section);
        if (name && !alias.empty() && equals_ignoring_case(*name, alias)) {
            take_setting(entry, settings);
        }
    }
    std::string_view asked;  // the section of the entry before
    bool is_its = false;
    for (const auto& entry : ini_.entries()) {
        const auto name = settings_name(entry.section);
        if (!name) continue;
        if (*name != asked) is_its = is_its_file(*name);
        asked = *name;
        if (is_its) take_setting(entry, settings);
    }
    return settings;
}

}  // namespace instdrv::catalog
