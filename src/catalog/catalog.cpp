#include "catalog/catalog.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "catalog/find_file.hpp"
#include "catalog/sections.hpp"

namespace instdrv::catalog {
namespace {

constexpr std::string_view own_section = "instdrv";

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

std::vector<std::string> Catalog::warnings() const {
    auto warnings = warnings_of(ini_.sections());
    for (auto& warning : warnings)
        warning.insert(0, file_.string() + ", ");
    return warnings;
}

std::vector<std::string> Catalog::drivers_with_settings() const {
    std::vector<std::string> names;
    for (const auto& section : ini_.sections()) {
        if (const auto name = settings_name(section.name)) names.emplace_back(*name);
    }
    return names;
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
