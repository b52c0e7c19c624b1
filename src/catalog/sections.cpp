#include "catalog/sections.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/quantity.hpp"
#include "base/suggestion.hpp"
#include "base/text.hpp"
#include "base/windows_locale.hpp"

namespace instdrv::catalog {
namespace {

// ---- the names of sections ----------------------------------------------------------------------

constexpr std::array<std::string_view, 4> of_drivers = {"drivers32", "drivers", "mci32", "mci"};

// Of the SYSTEM.INI that Windows 3.1, 95 and NT bring and their own programs write.
constexpr std::array<std::string_view, 28> windows_own = {
    "386enh",           "boot.description", "clipboard",    "clocks",   "compatibility",
    "ddeshares",        "display",          "drivers.desc", "fonts",    "joystick",
    "keyboard",         "mci extensions",   "msnp32",       "network",  "network drivers",
    "nonwindowsapp",    "ntcompat",         "nwnp32",       "options",  "password lists",
    "patches",          "sciodlg",          "spooler",      "standard", "transport drivers",
    "ttfontdimencache", "vcache",           "woafont"};

template <class Names>
bool is_one_of(std::string_view name, const Names& names) {
    return std::ranges::any_of(
        names, [&](std::string_view known) { return equals_ignoring_case(name, known); });
}

// [power.drv], [iccvid.drv]: a driver's own, which it reads itself.
bool is_a_drivers(std::string_view name) {
    constexpr std::array<std::string_view, 5> endings = {".drv", ".dll", ".386", ".vxd", ".acm"};
    return std::ranges::any_of(endings, [&](std::string_view ending) {
        return name.size() > ending.size() &&
               equals_ignoring_case(name.substr(name.size() - ending.size()), ending);
    });
}

bool is_known(std::string_view name) {
    if (equals_ignoring_case(name.substr(0, settings_prefix.size()), settings_prefix)) return true;
    return is_driver_section(name) || equals_ignoring_case(name, "boot") ||
           equals_ignoring_case(name, "instdrv") || is_one_of(name, windows_own) ||
           is_a_drivers(name);
}

// [instdrv-NAME], [instdrvNAME], [indstrv.NAME]: what would be near to the name with its dot.
std::string meant(std::string_view name) {
    std::vector<std::string> names(of_drivers.begin(), of_drivers.end());
    names.emplace_back("boot");
    names.emplace_back("instdrv");
    const auto own = settings_prefix.size();
    if (name.size() > own) names.push_back(fmt::format("{}{}", settings_prefix, name.substr(own)));
    return did_you_mean(name, names);
}

// ---- the settings of [instdrv.NAME] -------------------------------------------------------------

// Each returns whether the value is one it can have.
using Take = bool (*)(std::string_view value, DriverSettings& settings);

// What to write instead of a value that it cannot have.
using Advise = std::string (*)(std::string_view value);

struct Setting {
    std::string_view name;
    std::string_view advice;
    Take take;
    Advise advise = nullptr;  // null: `advice` is all there is to say
};

// The value that a word stands for, if it is one of two.
template <class Value>
bool take_word(std::string_view word, std::optional<Value>& into,
               std::initializer_list<std::pair<std::string_view, Value>> words) {
    for (const auto& [known, value] : words) {
        if (!equals_ignoring_case(word, known)) continue;
        if (!into) into = value;
        return true;
    }
    return false;
}

bool take_session_instance(std::string_view value, DriverSettings& settings) {
    return take_word<bool>(value, settings.session_instance, {{"yes", true}, {"no", false}});
}

bool take_placement(std::string_view value, DriverSettings& settings) {
    return take_word<Placement>(
        value, settings.placement,
        {{"worker", Placement::worker}, {"in-process", Placement::in_process}});
}

bool take_group(std::string_view value, DriverSettings& settings) {
    if (value.empty()) return false;
    if (!settings.group) settings.group = value;
    return true;
}

bool take_deadline(std::string_view value, DriverSettings& settings) {
    const auto deadline = parse_duration(value);
    if (!deadline || deadline->count() == 0) return false;
    if (!settings.deadline) settings.deadline = deadline;
    return true;
}

bool take_recovery(std::string_view value, DriverSettings& settings) {
    return take_word<Recovery>(value, settings.recovery,
                               {{"fail", Recovery::fail}, {"restart", Recovery::restart}});
}

// It becomes the name of a folder.
bool is_folder_name(std::string_view name) {
    constexpr std::size_t longest = 64;
    const auto fits = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
    };
    return !name.empty() && name.size() <= longest && name.front() != '.' &&
           std::ranges::all_of(name, fits);
}

bool take_state(std::string_view value, DriverSettings& settings) {
    if (!is_folder_name(value)) return false;
    if (!settings.state) settings.state = value;
    return true;
}

bool take_state_limit(std::string_view value, DriverSettings& settings) {
    const auto limit = parse_byte_size(value);
    if (!limit || *limit == 0) return false;
    if (!settings.state_limit) settings.state_limit = limit;
    return true;
}

bool take_may_open(std::string_view value, DriverSettings& settings) {
    const auto names = split(value, ", \t");
    const auto is_path = [](const auto& name) { return name.find_first_of("/\\") != name.npos; };
    if (names.empty() || std::ranges::any_of(names, is_path)) return false;
    if (settings.may_open.empty()) settings.may_open = names;
    return true;
}

bool take_number(std::string_view value, std::optional<std::uint32_t>& into) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) return false;
    if (!into) into = number;
    return true;
}

bool take_most_files(std::string_view value, DriverSettings& settings) {
    return take_number(value, settings.most_files);
}

bool take_most_opened(std::string_view value, DriverSettings& settings) {
    return take_number(value, settings.most_opened);
}

bool take_most_workers(std::string_view value, DriverSettings& settings) {
    return take_number(value, settings.most_workers);
}

bool take_most_requests(std::string_view value, DriverSettings& settings) {
    return take_number(value, settings.most_requests);
}

bool take_most_clients(std::string_view value, DriverSettings& settings) {
    return take_number(value, settings.most_clients);
}

bool take_page(std::string_view value, std::optional<std::uint16_t>& into) {
    std::optional<std::uint32_t> page;
    if (!take_number(value, page) || !std::ranges::binary_search(windows_code_pages(), *page)) {
        return false;
    }
    if (!into) into = static_cast<std::uint16_t>(*page);
    return true;
}

bool take_code_page(std::string_view value, DriverSettings& settings) {
    return take_page(value, settings.code_page);
}

bool take_oem_code_page(std::string_view value, DriverSettings& settings) {
    return take_page(value, settings.oem_code_page);
}

bool take_locale(std::string_view value, DriverSettings& settings) {
    const WindowsLocale* const locale = find_locale(value);
    if (locale == nullptr) return false;
    if (!settings.locale) settings.locale = locale->id;
    return true;
}

std::string advise_page(std::string_view) {
    return fmt::format("Write one of {}.", fmt::join(windows_code_pages(), ", "));
}

// Of a language or a country that is known by its two letters: those that have it; else all.
std::string advise_locale(std::string_view value) {
    std::vector<std::string_view> like;
    std::vector<std::string_view> all;
    const auto parts = split(value, "-_. \t");
    for (const auto& locale : windows_locales()) {
        all.push_back(locale.name);
        const auto has = [&](std::string_view part) {
            const auto own = split(locale.name, "-");
            return std::ranges::any_of(
                own, [&](const auto& one) { return equals_ignoring_case(one, part); });
        };
        if (std::ranges::any_of(parts, has)) like.push_back(locale.name);
    }
    return fmt::format("Write one of {}.", fmt::join(like.empty() ? all : like, ", "));
}

constexpr std::array settings_table = {
    Setting{"session_instance", "Write yes or no.", take_session_instance},
    Setting{"placement", "Write worker or in-process.", take_placement},
    Setting{"group", "Write a name for the group.", take_group},
    Setting{"deadline", "Write a time, such as 5s or 500ms.", take_deadline},
    Setting{"recovery", "Write fail or restart.", take_recovery},
    Setting{"state", "Write a name of letters, digits, - and _.", take_state},
    Setting{"state_limit", "Write a number of bytes, such as 64M or 2G.", take_state_limit},
    Setting{"may_open", "Write names of drivers, and no paths, with commas between.",
            take_may_open},
    Setting{"most_files", "Write a number, such as 100000.", take_most_files},
    Setting{"most_opened", "Write a number, such as 256.", take_most_opened},
    Setting{"most_workers", "Write a number, such as 16.", take_most_workers},
    Setting{"most_requests", "Write a number, such as 100000.", take_most_requests},
    Setting{"most_clients", "Write a number, such as 512.", take_most_clients},
    Setting{"code_page", "", take_code_page, advise_page},
    Setting{"oem_code_page", "", take_oem_code_page, advise_page},
    Setting{"locale", "", take_locale, advise_locale},
};

const Setting* find(std::string_view name) {
    const auto found = std::find_if(
        settings_table.begin(), settings_table.end(),
        [&](const Setting& setting) { return equals_ignoring_case(setting.name, name); });
    return found == settings_table.end() ? nullptr : &*found;
}

std::string known_names() {
    std::vector<std::string_view> names;
    names.reserve(settings_table.size());
    for (const auto& setting : settings_table)
        names.push_back(setting.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

bool is_driver_section(std::string_view name) { return is_one_of(name, of_drivers); }

std::vector<std::string> warnings_of(const std::vector<IniSection>& sections) {
    std::vector<std::string> warnings;
    for (const auto& section : sections) {
        if (is_known(section.name)) continue;
        warnings.push_back(fmt::format("line {}: nothing reads the section [{}]{}", section.line,
                                       section.name, meant(section.name)));
    }
    return warnings;
}

Status check_setting(const IniEntry& entry) {
    const auto* const setting = find(entry.key);
    if (setting == nullptr) {
        return failure(error_at(entry.line,
                                fmt::format("[{}] has no entry \"{}\"", entry.section, entry.key),
                                "It has " + known_names() + "."));
    }
    DriverSettings ignored;
    if (setting->take(entry.value, ignored)) return {};
    return failure(error_at(
        entry.line, fmt::format("{}={}", entry.key, entry.value),
        setting->advise == nullptr ? std::string(setting->advice) : setting->advise(entry.value)));
}

void take_setting(const IniEntry& entry, DriverSettings& settings) {
    if (const auto* const setting = find(entry.key)) setting->take(entry.value, settings);
}

}  // namespace instdrv::catalog
