// The life of modules and instances: LOAD, ENABLE, { OPEN ... CLOSE }, DISABLE, FREE, with each of
// its failures, for one host.
//
// Every member may be called from any thread and from inside any driver's handler. Two threads that
// open the same file share one module: the second waits for the first one's DRV_LOAD. Where such a
// wait could never end, because each thread is inside what the other waits for, the call fails with
// ErrorCode::busy. A driver that closes its own last instance from inside a handler is unloaded
// when that handler returns.
//
// Every end takes the same steps (life_cycle_end.cpp). An instance is shut, all threads leave it,
// it is sent DRV_CLOSE and removed. All threads leave a module, its hidden instance is closed, it
// is sent DRV_DISABLE and DRV_FREE, unloaded and removed. The thread that holds the right to the
// end (ending.hpp) takes these steps. Each time it has released the lock, it checks whether the
// module was given up meanwhile; then it only removes what it holds. No lock is held during calls
// into a driver or a worker.
//
// Ending something allocates no memory. Any other operation that finds no memory fails with
// ErrorCode::out_of_memory, or with std::bad_alloc where nothing was begun yet, and releases what
// it held.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ending.hpp"
#include "core/exit_plan.hpp"
#include "core/instance_table.hpp"
#include "core/loaded_module.hpp"
#include "core/module_loader.hpp"

namespace instdrv::core {

// A request to open a driver, after names were looked up.
struct OpenRequest {
    std::string name;       // as the caller gave it: kept for GetDriverInfo and reports
    bool is_alias = false;  // it was found by an entry of the configuration
    ModuleRequest module;
    std::string section;  // it was looked up in; may be empty
    std::string text;     // lParam1 of DRV_OPEN; empty: NULL
    // lParam1 where `text` is with the driver already: as the driver reads it.
    std::optional<LPARAM> lparam1;
    LPARAM lparam2 = 0;
    bool session_instance = true;
};

// A snapshot of one open instance.
struct InstanceSnapshot {
    HDRVR handle = nullptr;
    HMODULE module = nullptr;
    DWORD_PTR driver_id = 0;
    std::string name;
    std::filesystem::path file;
    std::string kind;
    Placement placement = Placement::in_process;
    bool dead = false;  // its worker died
};

// A module that is loaded.
struct ModuleSnapshot {
    std::filesystem::path file;
    std::string kind;
};

enum class CloseMode { ask, forced };

class LifeCycle {
public:
    explicit LifeCycle(ModuleLoader& loader);
    ~LifeCycle();
    LifeCycle(const LifeCycle&) = delete;
    LifeCycle& operator=(const LifeCycle&) = delete;

    Result<HDRVR> open(const OpenRequest& request);
    // LOAD and ENABLE without OPEN; the module stays until the exit.
    Result<ModuleSnapshot> load(const OpenRequest& request);
    // The module of a file, loaded and enabled if it is not yet. It stays loaded as long as the
    // Lease lives, or until the exit, whatever is opened and closed. Destroying the Lease may
    // unload it, which calls the driver.
    class Lease;
    Result<std::shared_ptr<Lease>> lease(const OpenRequest& request);
    // The driver's answer to DRV_CLOSE.
    Result<LRESULT> close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2, CloseMode mode);

    [[nodiscard]] Result<InstanceSnapshot> snapshot(HDRVR hdrvr) const;
    [[nodiscard]] std::vector<InstanceSnapshot> instances() const;  // oldest first
    // See ModuleProcess; a driver in this process gets what it is given, and plain memory. Fails
    // for a handle that is not open.
    [[nodiscard]] Result<DWORD_PTR> expose(HDRVR hdrvr, DWORD type, DWORD_PTR callback);
    [[nodiscard]] Result<std::shared_ptr<std::byte>> take_buffer(HDRVR hdrvr, std::size_t size);
    // See ModuleProcess. 0 for a handle that is not open.
    [[nodiscard]] std::uint64_t name_of(HDRVR hdrvr) const;
    // GetNextDriver.
    [[nodiscard]] HDRVR next(HDRVR hdrvr, DWORD flags) const;

    // ---- the end of the session: the steps of an exit plan, one by one --------------------------

    // Refuses all opens from here on. False if an exit had begun already.
    bool begin_exit();
    // The modules and instances to be told, and the modules that another call is loading or
    // unloading. Index i of `modules` is module i of the world; the ready ones stay loaded until
    // they are unloaded by the exit.
    struct ExitSnapshot {
        ExitWorld world;
        std::vector<std::shared_ptr<LoadedModule>> modules;
    };
    [[nodiscard]] ExitSnapshot exit_snapshot(bool keep_loaded);
    // Carries one call of the plan out on the calling thread. After DRV_CLOSE the instance is gone
    // whatever the driver answered; DRV_DISABLE waits until no other thread is inside the module;
    // unloading_step drops what instances are left and unloads. Broken with bad_handle where the
    // instance was closed, or the module given up, meanwhile.
    Answer exit_call(const ExitCall& call, const std::shared_ptr<LoadedModule>& module);
    // Gives a module up that the exit has not ended: nothing waits for it any more, nothing more is
    // sent to it, and what can be killed of it is. It stays in memory until its last handler has
    // returned. Does nothing to one that has ended. Waits for nothing.
    void exit_abandon(const std::shared_ptr<LoadedModule>& module);

    // The life cycle an open instance belongs to, null for a stale handle.
    static LifeCycle* of(HDRVR hdrvr) noexcept;
    // The life cycle whose driver the calling thread is inside of, null outside of any.
    static LifeCycle* of_this_thread() noexcept;

private:
    using Modules = std::vector<std::shared_ptr<LoadedModule>>;

    Result<std::shared_ptr<LoadedModule>> use_module(Lock& lock, const OpenRequest& request,
                                                     HDRVR hdrvr);
    Result<std::shared_ptr<LoadedModule>> use_module_before_exit(Lock& lock,
                                                                 const OpenRequest& request,
                                                                 HDRVR hdrvr);
    Result<std::shared_ptr<LoadedModule>> use_alone(Lock& lock, const OpenRequest& request);
    Result<std::shared_ptr<LoadedModule>> load_module(Lock& lock, const OpenRequest& request,
                                                      HDRVR hdrvr);
    void supersede(Lock& lock, const std::shared_ptr<LoadedModule>& module);
    Status start_module(LoadedModule& module, const OpenRequest& request, HDRVR hdrvr);
    Status open_hidden(const std::shared_ptr<LoadedModule>& module, const OpenRequest& request);
    Result<HDRVR> finish_open(Lock& lock, InstanceEnd& opening, const OpenRequest& request);

    struct Closing {
        bool gone;  // false: it is open as before, and the right to end it has ended
        Result<LRESULT> answer;
    };
    static Closing send_close(Lock& lock, InstanceEnd& end, LPARAM lparam1, LPARAM lparam2,
                              CloseMode mode);
    Status give_back(Lock& lock, InstanceEnd end);
    void give_back_shut(Lock& lock, InstanceEnd end);
    Status after_leaving(Lock& lock, const std::shared_ptr<LoadedModule>& module);
    Status leave_module(Lock& lock, const std::shared_ptr<LoadedModule>& module);
    Status end_if_unwanted(Lock& lock, const std::shared_ptr<LoadedModule>& module);
    Status end_module(Lock& lock, ModuleEnd end);
    static Answer close_hidden(Lock& lock, LoadedModule& module);
    static Answer send_in_end(Lock& lock, const ModuleEnd& end, UINT message);
    Status unload(Lock& lock, ModuleEnd end);
    void give_back_given_up(Lock& lock, ModuleEnd end);
    void retire(Lock& lock, ModuleEnd end);
    static void end_what_was_left();
    [[nodiscard]] std::shared_ptr<LoadedModule> module_of(const ModuleEnd& end) const;
    void give_back_instances(Lock& lock, ModuleEnd& end);

    Answer exit_close(HDRVR hdrvr);
    Answer exit_disable(const std::shared_ptr<LoadedModule>& module);
    Answer exit_free(const std::shared_ptr<LoadedModule>& module);
    Answer exit_unload(const std::shared_ptr<LoadedModule>& module);
    static Answer exit_wait(const std::shared_ptr<LoadedModule>& module);
    std::optional<ModuleEnd> begin_when_alone(Lock& lock,
                                              const std::shared_ptr<LoadedModule>& module);
    void keep_for_next_step(Lock& lock, ModuleEnd end);
    std::optional<InstanceEnd> shut_next_open(LoadedModule& module);
    HDRVR newest_before(std::uint64_t& place) const;
    std::shared_ptr<LoadedModule> find_module(const std::filesystem::path& file) const;
    const Instance* find_own(HDRVR hdrvr) const;
    const Instance* neighbour(HDRVR hdrvr, bool reverse) const;
    bool is_first_of_module(const Instance& instance) const;

    ModuleLoader& loader_;
    // System lock.
    Modules modules_;                          // every one that is not yet destroyed
    std::map<std::uint64_t, Instance*> open_;  // by order of opening
    std::uint64_t next_sequence_ = 1;
    bool exiting_ = false;
};

// It must not outlive its LifeCycle.
class LifeCycle::Lease {
public:
    Lease(LifeCycle& owner, std::shared_ptr<LoadedModule> module) noexcept;
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    // See Module::share.
    [[nodiscard]] Result<SharedChannel> share() const;

private:
    LifeCycle& owner_;
    std::shared_ptr<LoadedModule> module_;
};

}  // namespace instdrv::core
