// The table of the open instances of this process, and of the threads that are inside each.
//
// An HDRVR is an index and a generation in a table that never moves, so a stale one is recognised
// and checking one costs the same with one open instance or a million. There is one table per
// process, as handles on Windows are the process's: two hosts never hand out the same HDRVR.
//
// Sending takes no lock and writes nothing that two threads share. A sender announces the instance
// in a slot of its own thread (CallFrame), then looks whether the instance is open. A closer first
// shuts the instance (`admitted` becomes null), then makes every thread pass a memory barrier
// (membarrier(2)), then reads the slots: it waits for senders that it finds there, and later
// senders see that the instance is shut. The barrier costs the closer a system call and the sender
// nothing; where the kernel refuses it, senders pay for a fence of their own.
#pragma once

#include <instdrv/driver.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "core/module.hpp"

namespace instdrv::core {

struct CallRecord;
class LifeCycle;
struct LoadedModule;

enum class InstanceState : std::uint8_t { unused, opening, open, closing, closed };

struct alignas(64) Instance {
    std::atomic<HDRVR> admitted{nullptr};  // its handle while senders are let in, else null
    // All three are set before it is admitted, and constant while it is.
    MessageReceiver* receiver = nullptr;  // of its messages: its module, or who watches that
    Module* module = nullptr;
    Target target;                    // its handle is constant while the entry is used
    LifeCycle* life_cycle = nullptr;  // constant while the entry is used

    // The rest belongs to the system lock.
    InstanceState state = InstanceState::unused;
    bool hidden = false;          // the session instance: not enumerated, not reported
    CallRecord* owner = nullptr;  // the thread that opens or closes it
    std::uint64_t generation = 0;
    std::uint64_t sequence = 0;  // order of opening
    std::shared_ptr<LoadedModule> loaded;
    std::shared_ptr<InstanceData> data;  // what target points at
    std::string name;                    // as it was opened
};

// The instances one thread is inside of, innermost last. [its own thread writes, any thread reads]
struct CallRecord {
    static constexpr int max_depth = 64;

    std::array<std::atomic<const Instance*>, max_depth> slots{};
    int depth = 0;

    // System lock.
    const Instance* waits_for_instance = nullptr;  // what this thread waits for, if anything
    const LoadedModule* waits_for_module = nullptr;
    mutable std::uint64_t search = 0;  // the last one for circles that has come by here
    CallRecord* before = nullptr;      // of another thread, which was made before this one

    [[nodiscard]] bool is_inside(const Instance& instance) const noexcept;
    [[nodiscard]] const Instance* innermost() const noexcept {
        return depth == 0 ? nullptr : slots[static_cast<std::size_t>(depth) - 1].load();
    }
};

// Registers the process for the barrier; needed before the first instance. Takes a microsecond
// while the process has one thread, and some ten milliseconds later, when the kernel waits for all
// others.
void register_for_barriers() noexcept;

// The calling thread's record, made on its first call and taken away when it ends. Takes no memory.
CallRecord& this_thread_record();
// The same without making one; null on a thread that never entered a driver.
CallRecord* existing_thread_record() noexcept;

// Marks the calling thread as inside an instance for a scope. The record must not be full.
class CallFrame {
public:
    CallFrame(CallRecord& record, const Instance& instance) noexcept;
    ~CallFrame();
    CallFrame(const CallFrame&) = delete;
    CallFrame& operator=(const CallFrame&) = delete;

private:
    CallRecord& record_;
    const Instance& instance_;
};

// Sends a message to an open instance on the calling thread. Broken with bad_handle when it is not
// open, except that the thread which is just opening or closing it gets through. [any thread]
Answer send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) noexcept;

// ---- under the system lock ----------------------------------------------------------------------
// One lock for all bookkeeping of modules and instances in the process. It is never held while
// driver code runs.

using Lock = std::unique_lock<std::mutex>;
[[nodiscard]] Lock lock_system();
// Something changed that a thread may wait for.
void notify_system() noexcept;

// Null: not an instance handle at all. Otherwise the table's entry, which may hold another or none.
Instance* locate(HDRVR hdrvr) noexcept;
// The instance of a handle, null when it is stale.
Instance* find_instance(HDRVR hdrvr) noexcept;

// The functions below are for InstanceEnd (ending.hpp) alone.
//
// A new entry in state `opening`, owned by this thread; null when the table is full. Giving it back
// allocates no memory.
Instance* allocate_instance();
// Gives an entry back at once, or as soon as no thread is inside of it any more.
void release_instance(Instance& instance);
// Shuts the instance for senders; after it returns, every thread inside shows in its record.
void shut(Instance& instance) noexcept;
void admit(Instance& instance) noexcept;

// Is a thread (other than the caller, where `others` is set) inside the instance?
enum class Whose { any, others };
bool is_entered(const Instance& instance, Whose whose) noexcept;
// The same of the module as a whole, or an instance of it.
bool is_entered(const LoadedModule& module, Whose whose);

// How a wait ended: what was waited for is so; waiting could never end, because the threads waited
// for wait for this one; or the module was given up meanwhile.
enum class Waited : std::uint8_t { over, circle, given_up };
// Waits until no other thread is inside the instance.
Waited wait_until_left(Lock& lock, const Instance& instance);
// Waits until the module's loading or unloading by another thread has gone on.
Waited wait_for_change(Lock& lock, const LoadedModule& module);

// Run without the lock when a thread leaves an instance that was closed while it was inside.
void set_leave_handler(void (*handler)()) noexcept;

}  // namespace instdrv::core
