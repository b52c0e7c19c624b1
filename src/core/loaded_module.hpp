// A module as the life cycle keeps it: the loaded file and who uses it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "core/instance_table.hpp"
#include "core/module.hpp"

namespace instdrv::core {

enum class ModuleState : std::uint8_t { loading, ready, unloading, retired };

// All members belong to the system lock, but for what is said to be constant.
struct LoadedModule {
    std::filesystem::path file;     // constant
    std::unique_ptr<Module> image;  // constant from DRV_LOAD on, until the module is destroyed

    ModuleState state = ModuleState::loading;
    CallRecord* owner = nullptr;  // the thread that loads or unloads it
    std::size_t users = 0;        // instances opening, open or closing, without the hidden one
    Instance* hidden = nullptr;   // the session instance
    bool kept = false;            // stays loaded without an instance
    std::size_t leases = 0;       // the same, for as long as there are some
    bool superseded = false;      // dead, and its file may be loaded again
    std::uint64_t sequence = 0;   // order in which DRV_LOAD succeeded
    HDRVR last_handle = nullptr;  // hdrvr of the messages that no instance is behind

    // Stands in the call records for messages to the module as a whole; never admitted, and not in
    // the table.
    Instance self;
};

}  // namespace instdrv::core
