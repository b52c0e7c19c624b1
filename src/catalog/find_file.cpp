#include "catalog/find_file.hpp"

#include <algorithm>
#include <string>
#include <system_error>

#include "base/text.hpp"

namespace instdrv::catalog {
namespace {

namespace fs = std::filesystem;

bool has_drive_letter(std::string_view name) {
    const char letter = name.empty() ? '\0' : ascii_lower(name.front());
    return name.size() >= 2 && name[1] == ':' && letter >= 'a' && letter <= 'z';
}

bool is_file(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

// The entry of a folder that has this name in whatever case; of several, the first in order of
// their names, so that the answer does not depend on the file system.
std::optional<fs::path> entry_in_any_case(const fs::path& folder, const std::string& name) {
    std::error_code error;
    if (fs::exists(folder / name, error)) return folder / name;
    std::optional<fs::path> best;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (!equals_ignoring_case(entry->path().filename().string(), name)) continue;
        if (!best || entry->path() < *best) best = entry->path();
    }
    return best;
}

std::optional<fs::path> find_in(const fs::path& folder, const fs::path& relative) {
    if (is_file(folder / relative)) return folder / relative;
    fs::path found = folder;
    for (const auto& part : relative) {
        auto next = entry_in_any_case(found, part.string());
        if (!next) return std::nullopt;
        found = std::move(*next);
    }
    return is_file(found) ? std::optional(found) : std::nullopt;
}

}  // namespace

std::string_view last_part(std::string_view name) noexcept {
    const auto separator = name.find_last_of("/\\");
    if (separator != std::string_view::npos) return name.substr(separator + 1);
    return has_drive_letter(name) ? name.substr(2) : name;
}

std::optional<fs::path> find_file(std::string_view name, std::span<const fs::path> folders) {
    if (name.starts_with('/')) {
        return is_file(name) ? std::optional<fs::path>(name) : std::nullopt;
    }
    std::string relative(has_drive_letter(name) || name.starts_with('\\') ? last_part(name) : name);
    std::replace(relative.begin(), relative.end(), '\\', '/');
    if (relative.empty()) return std::nullopt;
    for (const auto& folder : folders) {
        if (auto found = find_in(folder, relative)) return found;
    }
    return std::nullopt;
}

}  // namespace instdrv::catalog
