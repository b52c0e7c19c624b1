#include "winapi/files/paths.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <span>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/text.hpp"
#include "winapi/files/driver_state.hpp"
#include "winapi/files/profiles.hpp"
#include "winapi/process/process.hpp"
#include "winapi/state/journaled_file.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi {
namespace {

using Components = std::span<const std::string>;

constexpr std::size_t longest_path = 32767;  // in UTF-16 units, as Windows has it

bool starts_like(Components components, std::initializer_list<std::string_view> names) {
    return components.size() >= names.size() &&
           std::equal(names.begin(), names.end(), components.begin(),
                      [](auto a, const auto& b) { return equals_ignoring_case(a, b); });
}

bool is_system_folder(Components c) { return starts_like(c, {"windows", "system32"}); }

// Changed by the registry functions alone, as on Windows.
bool is_registry(Components c) { return c.size() == 1 && starts_like(c, {"registry.reg"}); }

// The folders that Windows always has: C:\, \windows and \windows\temp.
bool is_standard_folder(Components c) {
    return c.empty() || (c.size() == 1 && starts_like(c, {"windows"})) ||
           (c.size() == 2 && starts_like(c, {"windows", "temp"}));
}

// CON, NUL, COM1 and so on are devices in every folder, whatever their extension.
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file
bool is_device(std::string_view name) {
    const std::string base = ascii_lower(name.substr(0, name.find('.')));
    if (base == "con" || base == "prn" || base == "aux" || base == "nul") return true;
    return base.size() == 4 && (base.starts_with("com") || base.starts_with("lpt")) &&
           base[3] >= '1' && base[3] <= '9';
}

bool is_forbidden(char c) {
    return static_cast<unsigned char>(c) < 32 ||
           std::string_view("<>:\"|?*").find(c) != std::string_view::npos;
}

// Takes "\\?\", the drive and the first backslash off. False: the path leads elsewhere.
bool strip_root(std::string_view& path) {
    if (path.starts_with("\\\\?\\")) path.remove_prefix(4);
    if (path.starts_with("\\\\")) return false;
    if (path.size() >= 2 && path[1] == ':') {
        if (ascii_lower(path[0]) != 'c') return false;
        path.remove_prefix(2);
    }
    return true;
}

struct CloseFolder {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

// The names in a folder as the driver sees them, in no order.
template <class Visit>
void each_name_in(int folder, const Visit& visit) {
    const std::unique_ptr<DIR, CloseFolder> stream(
        ::fdopendir(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    if (!stream) return;
    while (const dirent* const entry = ::readdir(stream.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != ".." && !JournaledFile::is_own_name(name)) visit(name);
    }
}

std::vector<std::string> names_in(int folder) {
    std::vector<std::string> names;
    each_name_in(folder, [&](std::string_view name) { names.emplace_back(name); });
    std::sort(names.begin(), names.end());
    return names;
}

// The name as it is on disk, where a file of this name exists in any case; else empty. Of several
// the first in order. A driver may ask for thousands of names in a folder of thousands.
std::string name_on_disk(int folder, const std::string& name) {
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return name;
    std::string found;
    each_name_in(folder, [&](std::string_view candidate) {
        if (!equals_ignoring_case(candidate, name)) return;
        if (found.empty() || candidate < found) found = candidate;
    });
    return found;
}

Fd open_folder(int parent, const std::string& name) {
    return Fd(::openat(parent, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// The place of `components` below a folder of the host.
WinResult<Place> walk(const std::filesystem::path& root, Components components, bool writable) {
    Place place{
        .name = components.empty() ? "." : components.back(), .path = root, .writable = writable};
    place.folder = Fd(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!place.folder) {
        if (components.size() > 1) return tl::unexpected(ERROR_PATH_NOT_FOUND);
        return place;
    }
    if (components.empty()) {
        place.exists = true;
        return place;
    }
    for (const std::string& wanted : components.first(components.size() - 1)) {
        const std::string name = name_on_disk(place.folder.get(), wanted);
        Fd next = open_folder(place.folder.get(), name);
        if (!next) return tl::unexpected(ERROR_PATH_NOT_FOUND);
        place.folder = std::move(next);
        place.path /= name;
    }
    const std::string name = name_on_disk(place.folder.get(), components.back());
    place.exists = !name.empty();
    if (place.exists) place.name = name;
    place.path /= place.name;
    return place;
}

void make_standard_folders(const std::filesystem::path& state) {
    std::error_code ignored;  // the write that needs them reports
    std::filesystem::create_directories(state / "windows" / "temp", ignored);
}

bool is_plain(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

WinResult<Fd> open_plain(const Place& place, int flags) {
    Fd fd(::openat(place.folder.get(), place.name.c_str(),
                   flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666));
    if (!fd) return tl::unexpected(error_from_errno(errno));
    if (!is_plain(fd.get())) return tl::unexpected(ERROR_ACCESS_DENIED);
    return fd;
}

}  // namespace

WinResult<std::vector<std::string>> components_of(std::string_view windows_path) {
    if (windows_path.empty()) return tl::unexpected(ERROR_PATH_NOT_FOUND);
    if (windows_path.size() > longest_path) return tl::unexpected(ERROR_FILENAME_EXCED_RANGE);
    std::string path(windows_path);
    std::replace(path.begin(), path.end(), '/', '\\');
    std::string_view rest = path;
    if (!strip_root(rest)) return tl::unexpected(ERROR_PATH_NOT_FOUND);

    std::vector<std::string> components;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\\'), rest.size());
        std::string_view name = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (std::any_of(name.begin(), name.end(), is_forbidden)) {
            return tl::unexpected(ERROR_INVALID_NAME);
        }
        if (name == "..") {
            if (!components.empty()) components.pop_back();
            continue;
        }
        while (!name.empty() && (name.back() == '.' || name.back() == ' '))
            name.remove_suffix(1);
        if (is_device(name)) return tl::unexpected(ERROR_FILE_NOT_FOUND);
        if (JournaledFile::is_own_name(name)) return tl::unexpected(ERROR_ACCESS_DENIED);
        if (!name.empty()) components.emplace_back(name);
    }
    if (is_registry(components)) return tl::unexpected(ERROR_ACCESS_DENIED);
    return components;
}

WinResult<Place> locate(std::string_view windows_path, bool make_state) {
    auto place = locate_as_it_is(windows_path, make_state);
    if (!place) return place;
    const DWORD error = fold_profile_at(*place);
    return error == ERROR_SUCCESS ? std::move(place) : tl::unexpected(error);
}

WinResult<Place> locate_as_it_is(std::string_view windows_path, bool make_state) {
    const auto parsed = components_of(windows_path);
    if (!parsed) return tl::unexpected(parsed.error());
    const DriverContext* const context = current_context();
    if (context == nullptr) return tl::unexpected(ERROR_PATH_NOT_FOUND);
    const Components components = *parsed;
    if (is_system_folder(components)) {
        return walk(context->driver_folder, components.subspan(2), false);
    }
    if (context->state == nullptr) return tl::unexpected(ERROR_PATH_NOT_FOUND);
    const auto& state_folder = context->state->folder();
    if (make_state) make_standard_folders(state_folder);
    auto place = walk(state_folder, components, true);
    if (is_standard_folder(components) && (!place || !place->exists)) {
        return Place{.folder = Fd(), .name = ".", .exists = true, .writable = true};
    }
    return place;
}

WinResult<Fd> open_in_view(std::string_view windows_path, int flags) {
    const bool creates = (flags & O_CREAT) != 0;
    const bool writes = creates || (flags & (O_ACCMODE | O_TRUNC)) != O_RDONLY;
    const auto place = locate(windows_path, creates);
    if (!place) return tl::unexpected(place.error());
    if (writes && !place->writable) return tl::unexpected(ERROR_ACCESS_DENIED);
    if (!place->exists && !creates) return tl::unexpected(ERROR_FILE_NOT_FOUND);
    if (!place->folder) return tl::unexpected(ERROR_ACCESS_DENIED);
    if ((flags & (O_ACCMODE | O_TRUNC)) != O_TRUNC) return open_plain(*place, flags);
    // Windows makes files empty for those who then only read. open(2) leaves it open what it does.
    const auto emptied = open_plain(*place, flags | O_WRONLY);
    return emptied ? open_plain(*place, O_RDONLY) : tl::unexpected(emptied.error());
}

WinResult<std::string> full_path(std::string_view windows_path) {
    const auto components = components_of(windows_path);
    if (!components) return tl::unexpected(components.error());
    std::string full = "C:";
    for (const std::string& name : *components)
        full += '\\' + name;
    return components->empty() ? full + '\\' : full;
}

WinResult<std::vector<std::string>> entries_of(std::string_view windows_folder) {
    const auto components = components_of(windows_folder);
    if (!components) return tl::unexpected(components.error());
    const auto place = locate(windows_folder);
    if (!place) return tl::unexpected(place.error());
    if (!place->exists) return tl::unexpected(ERROR_PATH_NOT_FOUND);

    std::vector<std::string> names;
    if (place->folder) {
        const Fd folder = open_folder(place->folder.get(), place->name);
        if (!folder) return tl::unexpected(ERROR_PATH_NOT_FOUND);
        names = names_in(folder.get());
    }
    const auto has = [&](std::string_view wanted) {
        return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
            return equals_ignoring_case(name, wanted);
        });
    };
    if (components->empty()) {
        std::erase_if(names, [](const std::string& name) { return is_registry({&name, 1}); });
        if (!has("windows")) names.emplace_back("windows");
    }
    if (components->size() == 1 && starts_like(*components, {"windows"})) {
        std::erase_if(names,
                      [](const auto& name) { return equals_ignoring_case(name, "system32"); });
        names.emplace_back("system32");
        if (!has("temp")) names.emplace_back("temp");
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace instdrv::winapi
