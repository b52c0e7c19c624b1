#include "host/state_folder.hpp"

#include <cstdlib>

namespace instdrv {

std::filesystem::path path_in_environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::filesystem::path default_state_folder() {
    if (const auto state = path_in_environment("XDG_STATE_HOME"); state.is_absolute()) {
        return state / "instdrv";
    }
    if (const auto home = path_in_environment("HOME"); home.is_absolute()) {
        return home / ".local/state/instdrv";
    }
    return std::filesystem::temp_directory_path() / "instdrv-state";
}

}  // namespace instdrv
