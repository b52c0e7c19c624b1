// The additional interface of a module whose driver runs in another process, a worker.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/fd.hpp"
#include "core/module.hpp"

namespace instdrv::core {

// A channel of another process to the worker of a module.
struct ChannelName {
    std::uint64_t worker = 0;  // 0: none
    std::uint32_t number = 0;  // in that worker
};

// The place of a shared channel among those of the module's process. The process that shares the
// channel holds it. When the last owner goes, the place is free and the channel is closed. [any
// thread]
class ChannelPlace {
public:
    ChannelPlace() = default;
    ChannelPlace(const ChannelPlace&) = delete;
    ChannelPlace& operator=(const ChannelPlace&) = delete;
    virtual ~ChannelPlace() = default;
    // Closes the channel and keeps the place: no thread waits for the other process any more, and
    // callbacks into it fail. Does not wait.
    virtual void cut() noexcept = 0;
};

// The channel through which another process reaches the process of a module.
struct SharedChannel {
    Fd region;   // the channel's memory
    Fd control;  // its socket
    Fd process;  // readable once the module's process is dead
    // For the process that shares the channel: which channel it is, and its place.
    ChannelName name{};
    std::shared_ptr<ChannelPlace> place{};
};

// The process that a module runs in. [any thread; concurrent calls are allowed]
class ModuleProcess {
public:
    ModuleProcess() = default;
    ModuleProcess(const ModuleProcess&) = delete;
    ModuleProcess& operator=(const ModuleProcess&) = delete;
    virtual ~ModuleProcess() = default;

    [[nodiscard]] virtual int id() const noexcept = 0;
    // It ended, so the module will never answer again.
    [[nodiscard]] virtual bool is_dead() const noexcept = 0;
    // Gives the module's calls up, and ends the process where that is possible. Does not wait.
    virtual void abandon() noexcept = 0;

    // Before the DRV_OPEN of an instance: the section it is opened from, which tells what class of
    // driver it is opened as. May be empty. What it gives is kept until the instance is closed and
    // no thread is inside of it any more.
    virtual std::shared_ptr<InstanceData> opening(HDRVR hdrvr, std::string_view section) = 0;
    // The instance is gone, or was refused; its handle comes no more.
    virtual void closed(HDRVR hdrvr) noexcept = 0;
    // The name by which the driver knows the instance.
    [[nodiscard]] virtual std::uint64_t name_of(HDRVR hdrvr) = 0;
    // Makes the value that the client sends in place of a function, event or thread (type:
    // CALLBACK_*), so that the driver can notify it, where no declaration says that a message
    // contains one. Valid until `closed`.
    virtual Result<DWORD_PTR> expose(const Target& target, DWORD type, DWORD_PTR callback) = 0;

    // Memory that the driver reaches without a copy, at an address of the client's; given back with
    // its last owner. Null if there is not enough.
    virtual std::shared_ptr<std::byte> take_buffer(std::size_t size) = 0;
    // A way for yet another process to send messages to the module.
    virtual Result<SharedChannel> share() = 0;
};

// The module will never answer again, since the process that it ran in has ended.
inline bool is_dead(Module& module) noexcept {
    auto* const process = module.process();
    return process != nullptr && process->is_dead();
}

}  // namespace instdrv::core
