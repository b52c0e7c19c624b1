// Where what drivers and sessions keep lies when nobody says otherwise: instdrv/ in $XDG_STATE_HOME
// or ~/.local/state.
#pragma once

#include <filesystem>

namespace instdrv {

std::filesystem::path default_state_folder();

// A path from the environment; empty where the variable is not set.
std::filesystem::path path_in_environment(const char* name);

}  // namespace instdrv
