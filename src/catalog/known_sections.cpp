#include "catalog/known_sections.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/suggestion.hpp"
#include "base/text.hpp"

namespace instdrv::catalog {
namespace {

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

}  // namespace instdrv::catalog
