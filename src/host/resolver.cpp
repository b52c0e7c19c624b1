#include "host/resolver.hpp"

#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

#include "base/text.hpp"
#include "catalog/name.hpp"

namespace instdrv {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view drivers_64 = "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows";
constexpr std::string_view drivers_32 = "/usr/local/lib/instdrv/i386-windows";

struct Named {
    catalog::DriverName name;
    std::string alias;  // empty where a file was named
};

Error not_found(std::string_view name, std::string cause, std::string advice = {}) {
    return {.code = ErrorCode::not_found,
            .operation = "open",
            .driver = std::string(name),
            .cause = std::move(cause),
            .advice = std::move(advice)};
}

Result<Named> named_by_entry(const catalog::Entry& entry, std::string_view text) {
    auto value = catalog::parse_driver_name(entry.value);
    if (!value) {
        value.error().cause += " (in the entry " + entry.alias + " of [" + entry.section + "])";
        return failure(std::move(value.error()));
    }
    if (!text.empty()) value->text = text;
    return Named{.name = std::move(*value), .alias = entry.alias};
}

// An alias may have spaces in it, so the whole name is tried before its first word.
Result<Named> look_up(const catalog::Catalog& catalog, std::string_view name,
                      std::string_view section) {
    if (const auto whole = catalog.lookup(trim(name), section)) return named_by_entry(*whole, {});
    auto parsed = catalog::parse_driver_name(name);
    if (!parsed) return failure(std::move(parsed.error()));
    if (!parsed->is_path) {
        if (const auto entry = catalog.lookup(parsed->name, section)) {
            return named_by_entry(*entry, parsed->text);
        }
    }
    return Named{.name = std::move(*parsed), .alias = {}};
}

std::optional<fs::path> regular_file(const fs::path& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error)) return std::nullopt;
    auto canonical = fs::canonical(file, error);
    return error ? std::nullopt : std::optional(std::move(canonical));
}

std::optional<fs::path> find_in_folders(const std::string& name) {
    for (const auto& folder : driver_folders()) {
        for (const auto& candidate : {name, ascii_lower(name)}) {
            if (auto file = regular_file(folder / candidate)) return file;
        }
    }
    return std::nullopt;
}

std::optional<fs::path> find_file(const catalog::Catalog& catalog, const Named& named) {
    const auto& name = named.name.name;
    if (named.alias.empty() && named.name.is_path) {
        if (auto file = regular_file(name)) return file;
    }
    if (const auto file = catalog.find_file(name)) return regular_file(*file);
    return named.name.is_path ? std::nullopt : find_in_folders(name);
}

std::optional<fs::path> find_named_file(const catalog::Catalog& catalog, std::string_view name) {
    auto parsed = catalog::parse_driver_name(name);
    if (!parsed) return std::nullopt;
    return find_file(catalog, {.name = std::move(*parsed), .alias = {}});
}

// A section is named as one would open its driver, so an alias' name is about no file.
Configuration configuration_of(catalog::Catalog catalog) {
    Configuration configuration{.catalog = std::move(catalog), .files = {}};
    for (auto& name : configuration.catalog.drivers_with_settings()) {
        if (configuration.catalog.lookup(name)) continue;
        if (auto file = find_named_file(configuration.catalog, name))
            configuration.files.emplace(std::move(name), *std::move(file));
    }
    return configuration;
}

// What the configuration says of a driver, never mind under which of its names.
catalog::DriverSettings settings_of(const Configuration& configuration, std::string_view alias,
                                    const fs::path& file) {
    const auto& catalog = configuration.catalog;
    const auto& files = configuration.files;
    return catalog.settings(alias, [&](std::string_view name) {
        if (const auto known = files.find(name); known != files.end()) return known->second == file;
        return !catalog.lookup(name) && find_named_file(catalog, name) == file;
    });
}

Result<fs::path> state_folder_of(const fs::path& file, const catalog::DriverSettings& settings,
                                 const StateFolders* folders) {
    if (folders == nullptr) return fs::path();
    return settings.state ? folders->named(*settings.state) : folders->of_file(file);
}

// All configured drivers that belong to a group.
Result<std::vector<core::DriverPlace>> places_of_group(const Configuration& configuration,
                                                       std::string_view group,
                                                       const StateFolders* folders) {
    std::vector<core::DriverPlace> places;
    for (const auto& entry : configuration.catalog.drivers()) {
        const auto named = named_by_entry(entry, {});
        auto file = named ? find_file(configuration.catalog, *named) : std::nullopt;
        if (!file) continue;
        const auto settings = settings_of(configuration, entry.alias, *file);
        if (settings.group != group) continue;
        auto state = state_folder_of(*file, settings, folders);
        if (!state) return failure(std::move(state).error());
        places.push_back({.file = std::move(*file), .state_folder = *std::move(state)});
    }
    return places;
}

Result<core::ModuleRequest> module_request(const Configuration& configuration, fs::path file,
                                           const catalog::DriverSettings& settings,
                                           const DriverDefaults& defaults,
                                           const StateFolders* folders) {
    auto state = state_folder_of(file, settings, folders);
    if (!state) return failure(std::move(state).error());
    core::ModuleRequest request{
        .file = std::move(file),
        .state_folder = *std::move(state),
        .placement = settings.placement.value_or(defaults.placement),
        .recovery = settings.recovery.value_or(defaults.recovery),
        .group = settings.group.value_or(""),
        .companions = {},
        .deadline = settings.deadline.has_value() ? settings.deadline : defaults.deadline};
    request.traced_calls = defaults.traced_calls;
    request.text = text_settings(settings.code_page, settings.oem_code_page, settings.locale);
    if (settings.state_limit) request.state_limit = *settings.state_limit;
    if (settings.most_clients) request.most_clients = *settings.most_clients;
    request.rights.may_open = settings.may_open;
    if (settings.most_files) request.most_files = *settings.most_files;
    if (settings.most_opened) request.rights.most_opened = *settings.most_opened;
    if (settings.most_workers) request.rights.most_workers = *settings.most_workers;
    if (settings.most_requests) request.rights.most_requests = *settings.most_requests;
    if (request.group.empty()) return request;
    auto companions = places_of_group(configuration, request.group, folders);
    if (!companions) return failure(std::move(companions).error());
    request.companions = *std::move(companions);
    return request;
}

Error no_such_file(const Named& named, std::string_view asked) {
    const auto& file = named.name.name;
    if (!named.alias.empty()) {
        return not_found(asked, "the file " + file + " of this alias is nowhere to be found",
                         "Put it beside the configuration file, or name its folder in path= of the "
                         "section [instdrv]");
    }
    std::error_code error;
    if (named.name.is_path) {
        if (fs::is_directory(file, error)) return not_found(asked, "it is a folder");
        return not_found(asked, "there is no such file");
    }
    if (fs::exists(file, error)) {
        return not_found(asked, "no alias of this name is configured",
                         "To open the file in the current folder write ./" + file);
    }
    return not_found(asked, "there is no such alias, and no such file in the driver folders",
                     "Give the path of the file, or name its folder in INSTDRV_PATH");
}

}  // namespace

std::vector<fs::path> driver_folders() {
    std::vector<fs::path> folders;
    const char* const path = std::getenv("INSTDRV_PATH");
    std::string_view rest = path == nullptr ? std::string_view{} : path;
    while (!rest.empty()) {
        const auto folder = rest.substr(0, rest.find(':'));
        if (!folder.empty()) folders.emplace_back(folder);
        rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    }
    folders.emplace_back(drivers_64);
    folders.emplace_back(drivers_32);
    return folders;
}

Status Resolver::read_configuration(const fs::path& file) {
    std::unique_lock lock(mutex_);
    const auto warnings = read(file);
    lock.unlock();
    if (!warnings) return failure(warnings.error());
    tell(*warnings);
    return {};
}

Result<std::shared_ptr<const catalog::Catalog>> Resolver::catalog() {
    return configuration().map([](const std::shared_ptr<const Configuration>& read) {
        return std::shared_ptr<const catalog::Catalog>(read, &read->catalog);
    });
}

Result<std::shared_ptr<const Configuration>> Resolver::configuration() {
    std::unique_lock lock(mutex_);
    if (unread_.empty()) return configuration_;
    const auto warnings = read(unread_);
    if (!warnings) return failure(warnings.error());
    const auto now = configuration_;
    lock.unlock();
    tell(*warnings);
    return now;
}

Result<std::vector<std::string>> Resolver::read(const fs::path& file) {
    auto catalog = catalog::Catalog::from_file(file);
    if (!catalog) return failure(std::move(catalog.error()));
    auto warnings = catalog->warnings();
    configuration_ = std::make_shared<const Configuration>(configuration_of(*std::move(catalog)));
    unread_.clear();
    return warnings;
}

void Resolver::tell(const std::vector<std::string>& lines) const {
    if (!notice_) return;
    for (const auto& line : lines)
        notice_(line);
}

Result<core::OpenRequest> Resolver::resolve(std::string_view name, std::string_view section,
                                            const DriverDefaults& defaults) {
    const auto read = configuration();
    if (!read) return failure(read.error());
    const auto& configuration = **read;
    const auto& catalog = configuration.catalog;
    auto named = look_up(catalog, name, section);
    if (!named) {
        named.error().operation = "open";
        named.error().driver = std::string(name);
        return failure(std::move(named.error()));
    }
    auto file = find_file(catalog, *named);
    if (!file) return failure(no_such_file(*named, name));
    const auto settings = settings_of(configuration, named->alias, *file);
    auto module =
        module_request(configuration, std::move(*file), settings, defaults, state_folders_);
    if (!module) {
        module.error().driver = std::string(name);
        return failure(std::move(module).error());
    }
    return core::OpenRequest{
        .name = named->alias.empty() ? named->name.name : named->alias,
        .is_alias = !named->alias.empty(),
        .module = *std::move(module),
        .section = std::string(section),
        .text = std::move(named->name.text),
        .session_instance = settings.session_instance.value_or(defaults.session_instance)};
}

}  // namespace instdrv
