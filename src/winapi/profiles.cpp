#include "winapi/profiles.hpp"

#include <mutex>
#include <string>

#include "base/fd.hpp"
#include "winapi/last_error.hpp"
#include "winapi/paths.hpp"

namespace instdrv::winapi {
namespace {

constexpr std::size_t longest_profile = std::size_t{16} << 20;

std::mutex& profile_mutex() {
    static std::mutex mutex;
    return mutex;
}

std::string in_windows_folder(std::string_view path) {
    const bool has_folder = path.find_first_of("\\/:") != std::string_view::npos;
    return has_folder ? std::string(path) : "C:\\windows\\" + std::string(path);
}

ProfileFile read(const Place& place) {
    if (!place.exists) return {};
    const auto content = read_file(place.path, longest_profile);
    return content ? ProfileFile::parse(*content) : ProfileFile{};
}

}  // namespace

ProfileFile read_profile(std::string_view windows_path) {
    const std::lock_guard lock(profile_mutex());
    const auto place = locate(in_windows_folder(windows_path));
    return place ? read(*place) : ProfileFile{};
}

DWORD change_profile(std::string_view windows_path,
                     const std::function<void(ProfileFile&)>& change) {
    const std::lock_guard lock(profile_mutex());
    const auto place = locate(in_windows_folder(windows_path), true);
    if (!place) return place.error();
    if (!place->writable) return ERROR_ACCESS_DENIED;
    ProfileFile file = read(*place);
    change(file);
    const auto written = write_file_atomically(place->path, file.content());
    return written ? ERROR_SUCCESS
                   : error_from_errno(static_cast<int>(written.error().system_code));
}

}  // namespace instdrv::winapi
