// What the life cycle needs from a loaded driver file, whatever it is and wherever it runs.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>
#include <instdrv/placement.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.hpp"
#include "core/callback_gate.hpp"
#include "core/request_rate.hpp"

namespace instdrv::core {

// What came back from a driver. Two registers, so that the common case costs nothing: `broken` is
// null when the driver answered; otherwise it says why the call broke off, and is valid until the
// next broken call on this thread.
struct Answer {
    LRESULT value = 0;
    const Error* broken = nullptr;
};

// What a module keeps of one of its instances.
class InstanceData {
public:
    InstanceData() = default;
    virtual ~InstanceData() = default;
    InstanceData(const InstanceData&) = delete;
    InstanceData& operator=(const InstanceData&) = delete;

    // Of its callbacks that run in this process; null: there are none. Outlives the instance where
    // somebody waits at it.
    std::shared_ptr<CallbackGate> gate;
};

// Whom a message is for.
struct Target {
    HDRVR hdrvr = nullptr;
    DWORD_PTR driver_id = 0;       // what DRV_OPEN answered
    InstanceData* data = nullptr;  // what Module::opening gave; null for a message to the module
};

// A channel of another process to the worker of a module.
struct ChannelName {
    std::uint64_t worker = 0;  // 0: none
    std::uint32_t number = 0;  // in that worker
};

// What another process needs to reach the process that a module runs in.
struct SharedChannel {
    Fd region;   // the channel's memory
    Fd control;  // its socket
    Fd process;  // readable once the module's process is dead
    // What the process that shares it keeps: which channel it is, and its place among those of the
    // module's process, which is given back with the last owner: the channel is closed then.
    ChannelName name{};
    std::shared_ptr<void> place{};
};

// A loaded driver file. One that is destroyed without unload() stays mapped where it runs in this
// process: nobody knows what still runs of it. [any thread; concurrent calls are allowed]
class Module {
public:
    virtual ~Module() = default;

    // Calls DriverProc on the calling thread.
    virtual Answer call(const Target& target, UINT message, LPARAM lparam1,
                        LPARAM lparam2) noexcept = 0;

    [[nodiscard]] virtual HMODULE handle() const noexcept = 0;
    [[nodiscard]] virtual std::string_view kind() const noexcept = 0;  // "PE32+ x86-64"
    // A Windows DLL: its DRV_OPEN text is UTF-16, and it gets a hidden session instance.
    [[nodiscard]] virtual bool is_windows() const noexcept = 0;

    // Before the DRV_OPEN of an instance: the section it is opened from, which tells what class of
    // driver it is opened as. May be empty. What it gives is kept until the instance is closed and
    // no thread is inside of it any more.
    virtual std::shared_ptr<InstanceData> opening(HDRVR, std::string_view) { return nullptr; }
    // The instance is gone, or was refused; its handle comes no more.
    virtual void closed(HDRVR) noexcept {}
    // What the client sends in place of a function, event or thread (type: CALLBACK_*) so that the
    // driver can notify it, where no message's description says that it is one. Until `closed`.
    virtual Result<DWORD_PTR> expose(const Target&, DWORD, DWORD_PTR callback) { return callback; }
    // What the driver knows the instance by.
    [[nodiscard]] virtual std::uint64_t name_of(HDRVR hdrvr) {
        return reinterpret_cast<std::uintptr_t>(hdrvr);
    }
    // Memory that the driver reaches without a copy, at an address of the client's; given back with
    // its last owner. Nothing: there is not so much.
    virtual std::shared_ptr<std::byte> take_buffer(std::size_t size);

    // A way for another process to send it messages. Fails where it runs in this process.
    virtual Result<SharedChannel> share();

    // Where it runs.
    [[nodiscard]] virtual Placement placement() const noexcept { return Placement::in_process; }
    // Of the process that it runs in; 0: this one.
    [[nodiscard]] virtual int process_id() const noexcept { return 0; }
    // It will never answer again: its process ended. In this process that cannot happen.
    [[nodiscard]] virtual bool is_dead() const noexcept { return false; }
    // Nobody waits for its calls any more: what can be ended of them is ended. Waits for nothing.
    virtual void abandon() noexcept {}

    // Takes it out of memory, which runs what the driver has for that: DllMain and TLS callbacks,
    // ELF destructors. Fails where that code breaks off, crashes or does not return. Called once at
    // most, when no thread is inside and none will come; what is left can only be destroyed.
    virtual Status unload() noexcept { return {}; }
};

// A load under way, as whoever stops waiting for it sees it. [any thread]
class LoadUnderWay {
public:
    // What ends the driver's code that the load runs. Called once, at once where the load was given
    // up before; it waits for nothing.
    void ended_by(std::function<void()> end);
    // Nobody waits for the load any more.
    void abandon();

private:
    std::mutex mutex_;
    bool abandoned_ = false;
    std::function<void()> end_;
};

// The workers that one driver of a program's caused, by opening others, and they in turn.
// [any thread]
class WorkerQuota {
public:
    explicit WorkerQuota(std::uint32_t most) noexcept : most_(most) {}
    // One of them; it counts until it is let go. Null: there are as many as there may be.
    static std::shared_ptr<void> take(const std::shared_ptr<WorkerQuota>& from);
    // Counts one that is about to start, and waits where too many did, up to a second.
    void pace() noexcept { starts_.wait(1, std::chrono::seconds(1)); }

private:
    RequestRate starts_{16};
    const std::uint32_t most_;
    std::atomic<std::uint32_t> used_{0};
};

// What a driver in a worker may ask of the system.
struct AskingRights {
    std::vector<std::string> may_open;  // drivers by name, besides those that every driver may open
    std::uint32_t most_opened = 256;    // instances of others that it has open at a time
    std::uint32_t most_workers = 16;    // WorkerQuota, where a program opens it
    // RequestRate: what its own threads ask for, and what it opens and closes on any thread.
    std::uint32_t most_requests = 100'000;
    // Of the driver that has it loaded; null: a program has.
    std::shared_ptr<WorkerQuota> caused_by;
};

// Where a driver lies and keeps what it has.
struct DriverPlace {
    std::filesystem::path file;          // absolute, without links
    std::filesystem::path state_folder;  // absolute; made when it is needed
};

struct ModuleRequest {
    std::filesystem::path file;          // absolute, without links: the module's identity
    std::filesystem::path state_folder;  // of the driver; absolute; made when it is needed
    Placement placement = Placement::worker;
    Recovery recovery = Recovery::fail;
    // Drivers of one group share a worker; empty: a worker of its own. `companions` are all
    // drivers of the group, which the worker may come to load.
    std::string group;
    std::vector<DriverPlace> companions;
    std::optional<std::chrono::milliseconds> deadline;  // of each of its calls; none: the default
    std::uint32_t most_clients = 512;  // other programs that share its worker at a time
    std::uint64_t state_limit = std::uint64_t{1} << 30;  // bytes that its state folder may hold
    std::uint32_t most_files = 100'000;                  // and folders, that it may hold
    AskingRights rights;
    std::string traced_calls;  // Windows' functions, as HostOptions has them; empty: none
};

// Loads driver files.
class ModuleLoader {
public:
    virtual ~ModuleLoader() = default;
    // Runs the driver's code for being loaded, on the calling thread.
    virtual Result<std::unique_ptr<Module>> load(const ModuleRequest& request,
                                                 LoadUnderWay& under_way) = 0;
};

}  // namespace instdrv::core
