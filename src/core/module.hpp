// A loaded driver file, as the interface through which the life cycle uses it, whatever its kind
// and wherever it runs.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>

#include <memory>
#include <string_view>

#include "core/callback_gate.hpp"

namespace instdrv::core {

// A driver's answer. Two registers, so that the common case costs nothing: `broken` is null when
// the driver answered; otherwise it says why the call broke off, and is valid until the next broken
// call on this thread.
struct Answer {
    LRESULT value = 0;
    const Error* broken = nullptr;
};

// A module's data of one of its instances.
class InstanceData {
public:
    InstanceData() = default;
    virtual ~InstanceData() = default;
    InstanceData(const InstanceData&) = delete;
    InstanceData& operator=(const InstanceData&) = delete;

    // The gate of its callbacks that run in this process; null if it has none. It outlives the
    // instance while a thread waits at it.
    std::shared_ptr<CallbackGate> gate;
};

// The receiver of a message.
struct Target {
    HDRVR hdrvr = nullptr;
    DWORD_PTR driver_id = 0;       // what DRV_OPEN answered
    InstanceData* data = nullptr;  // what ModuleProcess::opening gave; else null
};

// An interface that takes a driver's messages.
class MessageReceiver {
public:
    MessageReceiver() = default;
    MessageReceiver(const MessageReceiver&) = delete;
    MessageReceiver& operator=(const MessageReceiver&) = delete;
    virtual ~MessageReceiver() = default;

    // Calls DriverProc on the calling thread. [any thread; concurrent calls are allowed]
    virtual Answer call(const Target& target, UINT message, LPARAM lparam1,
                        LPARAM lparam2) noexcept = 0;
};

class ModuleProcess;

// A loaded driver file. A module in this process that is destroyed without unload() stays mapped,
// because its code may still run. [any thread; concurrent calls are allowed]
class Module : public MessageReceiver {
public:
    [[nodiscard]] virtual HMODULE handle() const noexcept = 0;
    [[nodiscard]] virtual std::string_view kind() const noexcept = 0;  // "PE32+ x86-64"
    // A Windows DLL: its DRV_OPEN text is UTF-16, and it gets a hidden session instance.
    [[nodiscard]] virtual bool is_windows() const noexcept = 0;
    // The process that it runs in; null: this one. Lives as long as the module.
    [[nodiscard]] virtual ModuleProcess* process() noexcept { return nullptr; }

    // Takes it out of memory, which runs what the driver has for that: DllMain and TLS callbacks,
    // ELF destructors. Fails where that code breaks off, crashes or does not return. Called once at
    // most, when no thread is inside and none will come; what is left can only be destroyed.
    virtual Status unload() noexcept { return {}; }
};

}  // namespace instdrv::core
