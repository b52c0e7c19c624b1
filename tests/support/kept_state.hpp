// Where a driver keeps what it has, for tests that look at it.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

namespace instdrv::test {

// In a HostOptions::state_folder, of a driver whose file has this name; with several, of any. A
// path that is not there while it has kept nothing.
inline std::filesystem::path kept_state(const std::filesystem::path& root,
                                        const std::string& file_name) {
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(root / "drivers", none)) {
        if (entry.path().filename().string().starts_with(file_name + "-")) {
            return entry.path() / "state";
        }
    }
    return root / "drivers" / file_name;
}

}  // namespace instdrv::test
