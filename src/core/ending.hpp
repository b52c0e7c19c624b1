// The rights to end instances and modules. One thread at a time holds such a right. A thread takes
// it while the instance or module is in use, may move it to another, and finishes the end by
// destroying it. Whenever the system lock is released, other state may change, but not what the
// holder of a right is ending. A thread that gives a module up does not end it: it marks the module
// (LoadedModule::given_up) and kills the worker. The holder's call returns because of that, and the
// holder finishes the end.
//
// All functions: system lock.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/instance_table.hpp"

namespace instdrv::core {

struct LoadedModule;

// The right to end an instance.
class InstanceEnd {
public:
    // The right to a new instance, which is being opened. std::nullopt if every handle is in use.
    static std::optional<InstanceEnd> of_new();
    // Shuts an open instance and takes the right to end it. std::nullopt if it is not open, or
    // another thread ends it.
    static std::optional<InstanceEnd> begin(Instance& instance);

    InstanceEnd(InstanceEnd&& other) noexcept;
    InstanceEnd& operator=(InstanceEnd&&) = delete;
    ~InstanceEnd();

    [[nodiscard]] Instance& instance() const noexcept { return *instance_; }

    // Marks a new instance as closing: its opening has failed, and this thread removes it.
    void close_again() noexcept;
    // Ends the right. The instance is open, as after its opening or before this end.
    void leave_open() noexcept;
    // Ends the right and the instance.
    void give_back();

private:
    explicit InstanceEnd(Instance& instance) noexcept;
    // True while no other thread has removed the instance since the right was taken.
    [[nodiscard]] bool is_held() const noexcept;

    Instance* instance_;
    std::uint64_t generation_;
};

// The right to end a module, and with it the instances that were still open when its end began.
class ModuleEnd {
public:
    // Takes the right to end a module that is ready, or that this thread is loading. std::nullopt
    // if another thread ends it.
    static std::optional<ModuleEnd> begin(LoadedModule& module);

    ModuleEnd(ModuleEnd&& other) noexcept;
    ModuleEnd& operator=(ModuleEnd&&) = delete;
    ~ModuleEnd();

    [[nodiscard]] LoadedModule& module() const noexcept { return *module_; }
    // Makes the calling thread the one that continues the end.
    void take_over() noexcept;
    // Ends the right: the module is retired.
    void give_back() noexcept;

    std::vector<InstanceEnd> instances;

private:
    explicit ModuleEnd(LoadedModule& module) noexcept;

    LoadedModule* module_;
};

}  // namespace instdrv::core
