// The registry of one driver, kept as registry.reg in its state folder.
//
// Loaded on first use, written as a whole (write_file_atomically) by flush. A file that cannot be
// understood is moved aside to registry.reg.damaged, told on standard error, and the registry
// starts empty; nothing is ever written over a file that could be neither read nor moved. [any
// thread]
#pragma once

#include <instdrv/error.hpp>

#include <filesystem>
#include <memory>
#include <mutex>

#include "winapi/advapi32/registry_tree.hpp"

namespace instdrv::winapi::registry {

class Store {
public:
    explicit Store(const std::filesystem::path& state_folder);
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // The store of the driver that the calling thread acts for; null outside of driver calls.
    static std::shared_ptr<Store> current();

    // Runs `action(root)` while no other thread uses the tree.
    template <class Action>
    auto read(Action action) {
        const std::lock_guard lock(mutex_);
        return action(root_);
    }
    // The same for an action that changes the tree.
    template <class Action>
    auto change(Action action) {
        const std::lock_guard lock(mutex_);
        changed_ = true;
        return action(root_);
    }

    // Writes what was changed since the last time.
    [[nodiscard]] Status flush();

private:
    void load();
    void set_aside(const Error& problem);

    std::filesystem::path file_;
    std::mutex mutex_;
    Key root_;
    bool changed_ = false;
    bool writable_ = true;  // false: a file that must not be lost is in the way
};

// Writes every registry of this process: when the process ends, and whenever a host wants to be
// sure, as before it reports a session's end as done.
Status flush_all();

}  // namespace instdrv::winapi::registry
