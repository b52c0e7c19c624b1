// Plans a session exit: orders the steps that end all loaded modules and open instances. Pure: no
// threads, no clock, no I/O. exit_run.hpp carries the steps out.
//
// The order, over all modules:
//   notify  DRV_EXITSESSION to every instance, newest first; then, once with id 0 and a NULL
//   handle,
//           to every module that has no instance, in reverse load order.
//   close   DRV_CLOSE to every instance, newest first; then per module, in reverse load order,
//           DRV_CLOSE to its hidden session instance, DRV_DISABLE, DRV_FREE and its unloading; then
//           the wait for every module that another call is loading or unloading.
// A module that is not enabled any more gets nothing. The hidden session instance is not told of
// the exit and appears neither in the plan nor in the report; DRV_CLOSE reaches it only where the
// exit sends DRV_CLOSE at all.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/exit.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace instdrv::core {

// The instance with lParam2 = 0 that a Windows DLL gets before its first real one.
struct ExitSessionInstance {
    HDRVR handle = nullptr;
    DWORD_PTR driver_id = 0;
};

// A module that is not ready is another call's to end: the exit waits for that.
enum class ExitModuleState : std::uint8_t { ready, loading, unloading };

struct ExitModule {
    // Modules of one queue are called one at a time, those of different queues in parallel. In this
    // process every module is a queue of its own. Any numbering will do; gaps cost memory.
    std::size_t queue = 0;
    std::string name;  // as it was first opened or loaded
    std::string file;
    std::string kind;
    ExitModuleState state = ExitModuleState::ready;
    // False where an earlier call broke the module off: nothing is sent to it, and its instances
    // are reported as not told.
    bool enabled = true;
    std::optional<ExitSessionInstance> session_instance;
};

struct ExitInstance {
    HDRVR handle = nullptr;
    DWORD_PTR driver_id = 0;
    std::size_t module = 0;  // index into ExitWorld::modules
    std::string name;        // as it was opened
};

// The modules and instances to end, as they are when the exit begins.
struct ExitWorld {
    std::vector<ExitModule> modules;      // in load order
    std::vector<ExitInstance> instances;  // in the order of opening, without hidden ones
};

// One message to send. `instance` is the index into ExitWorld::instances, empty for a message to
// the module or to its session instance.
struct ExitCall {
    std::size_t step = 0;  // names the call in ExitRun
    std::size_t queue = 0;
    std::size_t module = 0;
    std::optional<std::size_t> instance;
    HDRVR handle = nullptr;
    DWORD_PTR driver_id = 0;
    UINT message = 0;
    LPARAM lparam1 = 0;
    ExitPhase phase = ExitPhase::notify;
    bool hidden = false;  // to the session instance: not reported
    bool waits = false;   // for what another call does to the module: reported where it went wrong
};

// Every call of the exit in the order above; step is the index. Modules that are not enabled have
// their calls in it too: they are reported as not sent.
std::vector<ExitCall> calls_of(const ExitWorld& world, const ExitOptions& options);

// The same as the public value: without hidden calls, and without those that will not be sent.
ExitPlan plan_of(const ExitWorld& world, const ExitOptions& options);

}  // namespace instdrv::core
