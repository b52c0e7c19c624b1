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
    // Of a fresh one, which is being opened; nothing: every handle is in use.
    static std::optional<InstanceEnd> of_new();
    // Of an open one, which is shut by this; nothing: it is not open, or another thread ends it.
    static std::optional<InstanceEnd> begin(Instance& instance);

    InstanceEnd(InstanceEnd&& other) noexcept;
    InstanceEnd& operator=(InstanceEnd&&) = delete;
    ~InstanceEnd();

    [[nodiscard]] Instance& instance() const noexcept { return *instance_; }

    // The opening has come to its end; what was opened is taken back by the one who opened it.
    void close_again() noexcept;
    // Ends the right. The instance is open, as after its opening or before this end.
    void leave_open() noexcept;
    // Ends the right and the instance.
    void give_back();

private:
    explicit InstanceEnd(Instance& instance) noexcept;
    // The instance is what it was when the right was taken: nobody else has given it back.
    [[nodiscard]] bool is_held() const noexcept;

    Instance* instance_;
    std::uint64_t generation_;
};

// The right to end a module, and with it the instances that were still open when its end began.
class ModuleEnd {
public:
    // Of one that is ready, or that this thread is loading; nothing: another thread ends it.
    static std::optional<ModuleEnd> begin(LoadedModule& module);

    ModuleEnd(ModuleEnd&& other) noexcept;
    ModuleEnd& operator=(ModuleEnd&&) = delete;
    ~ModuleEnd();

    [[nodiscard]] LoadedModule& module() const noexcept { return *module_; }
    // The calling thread is the one that goes on with it.
    void take_over() noexcept;
    // Ends the right: the module is retired.
    void give_back() noexcept;

    std::vector<InstanceEnd> instances;

private:
    explicit ModuleEnd(LoadedModule& module) noexcept;

    LoadedModule* module_;
};

}  // namespace instdrv::core
