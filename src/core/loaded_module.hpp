// A module as the life cycle keeps it: the loaded file and its users.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/work_thread.hpp"
#include "core/ending.hpp"
#include "core/instance_table.hpp"
#include "core/module_loader.hpp"
#include "core/module_process.hpp"

namespace instdrv::core {

enum class ModuleState : std::uint8_t { loading, ready, unloading, retired };

// All members belong to the system lock, but for what is said to be constant.
struct LoadedModule {
    // Stands in the call records for messages to the module as a whole; never admitted, and not in
    // the table.
    Instance self;

    std::filesystem::path file;  // constant
    // Constant from DRV_LOAD on, and here until the module is retired and nobody inside of it.
    std::shared_ptr<Module> image;
    std::unique_ptr<CallWatch> watch;  // who sees its messages; set with the image
    std::shared_ptr<WorkThread>
        thread;              // constant: the thread that ends it where nobody else may wait
    LoadUnderWay under_way;  // while there is no image yet; guards itself

    // The right to end it while no thread goes on with it: between two steps of the exit, and until
    // the last thread has left it.
    std::optional<ModuleEnd> waiting_end;
    CallRecord* owner = nullptr;  // the thread that loads or ends it
    std::size_t users = 0;        // instances opening, open or closing, without the hidden one
    std::size_t leases = 0;       // that keep it loaded without an instance
    Instance* hidden = nullptr;   // the session instance
    std::shared_ptr<LoadedModule> next_lingering;  // the list of life_cycle_end.cpp
    std::uint64_t sequence = 0;                    // order in which DRV_LOAD succeeded
    HDRVR last_handle = nullptr;  // hdrvr of the messages that no instance is behind

    ModuleState state = ModuleState::loading;
    bool lingers = false;     // is in that list
    bool kept = false;        // stays loaded without an instance
    bool superseded = false;  // dead or ending, and its file may be loaded again
    // The exit waits for the module no longer: no call into the driver begins any more, and the
    // holder of a right to end the module or an instance (ending.hpp) finishes that without calling
    // the driver.
    bool given_up = false;

    // The receiver of its messages: the image, or the CallWatch before it.
    [[nodiscard]] MessageReceiver& receiver() const noexcept {
        return watch != nullptr ? static_cast<MessageReceiver&>(*watch) : *image;
    }
    // An instance is gone, or was refused. [while there is an image; no lock]
    void closed(HDRVR instance) const noexcept {
        if (auto* const process = image->process()) process->closed(instance);
        if (watch != nullptr) watch->closed(instance);
    }
};

}  // namespace instdrv::core
