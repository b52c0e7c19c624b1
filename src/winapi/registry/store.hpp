// The registry of one driver, kept as registry.reg in its state folder, with a journal of later
// changes (journaled_file.hpp).
//
// When a change has returned ERROR_SUCCESS, the kernel has it, and other processes that use the
// same state folder see it. A change that failed has changed nothing, not even in memory. A file
// that cannot be parsed is moved to registry.reg.damaged, with a message on standard error, and the
// registry starts empty. A file that can be neither read nor moved is never overwritten: every call
// then returns ERROR_BADDB. [any thread]
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "winapi/registry/tree.hpp"
#include "winapi/state/journaled_file.hpp"

namespace instdrv::winapi::registry {

constexpr LONG ERROR_BADDB = 1009;

class Store {
public:
    // The folder is made with the first change.
    Store(std::filesystem::path state_folder, std::shared_ptr<StateRoom> room);
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // Runs `action(root)` while no other thread uses the tree.
    LONG read(const std::function<LONG(const Key& root)>& action);

    // Writes the changes to make into `changes`, in the form of text.hpp; leaves it empty if the
    // tree is so already.
    using Plan = std::function<LONG(const Key& root, std::string& changes)>;
    // Runs `plan` and makes its changes, while neither another thread nor another process changes
    // the tree. Returns the result of `plan`, or why the changes could not be made, such as
    // ERROR_DISK_FULL.
    LONG change(const Plan& plan);

    // Makes durable what was changed.
    LONG flush();
    // Takes the journal into the file, if there is one. For when no more changes are expected: they
    // are kept without it.
    LONG fold();

private:
    bool open_folder();
    LONG catch_up();
    void restart(std::span<const std::byte> bytes);
    void replay(std::string_view changes);
    void set_aside(const Error& problem);

    const std::filesystem::path folder_;
    const std::string path_;  // of the file, for messages
    const std::shared_ptr<StateRoom> room_;
    std::mutex mutex_;
    JournaledFile file_;
    Key root_;
    const JournaledFile::Reader reader_;
    bool was_told_ = false;  // that it cannot be read
    bool writable_ = true;   // false: a file that must not be lost is in the way
};

}  // namespace instdrv::winapi::registry
