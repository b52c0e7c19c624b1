// The functions that a driver is given in place of a client's, such as an ICM status procedure.
// Each asks the supervisor, which calls the client's function.
#pragma once

#include <array>

#include "channel/protocol.hpp"

namespace instdrv::worker {

// By messages::FunctionKind, in the convention of Windows or of native drivers.
std::array<const void*, channel::direct_callback_kinds> direct_callback_functions(
    bool windows) noexcept;

}  // namespace instdrv::worker
