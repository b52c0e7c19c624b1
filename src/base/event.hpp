// Waitable objects behind HANDLEs: events, and the threads, mutexes and semaphores that winapi
// derives from them. Each has a descriptor that is readable while the object is signalled, so that
// waiting on many is one poll(2) and native programs can wait on them in their own loops.
#pragma once

#include <instdrv/driver.h>

#include <memory>
#include <span>

#include "base/event_fd.hpp"
#include "base/handle_table.hpp"

namespace instdrv {

class KernelObject {
public:
    virtual ~KernelObject() = default;
    // Readable while signalled; -1 for an object that cannot be waited on (a file, a find).
    [[nodiscard]] virtual int wait_fd() const noexcept { return -1; }
    // Takes what a successful wait takes (an auto-reset event is reset, a semaphore counts down).
    // False: another thread was faster, wait again.
    virtual bool acquire() noexcept { return true; }
};

class Event final : public KernelObject {
public:
    // Null when the process is out of descriptors.
    static std::shared_ptr<Event> create(bool manual_reset, bool initially_set);

    void set() noexcept;
    void reset() noexcept;
    [[nodiscard]] int wait_fd() const noexcept override { return fd_.get(); }
    bool acquire() noexcept override;

private:
    Event(EventFd fd, bool manual_reset) noexcept
        : fd_(std::move(fd)), manual_reset_(manual_reset) {}
    EventFd fd_;
    bool manual_reset_;
};

// The table behind the HANDLEs of this process, shared by native clients and the Windows layer: an
// event made by one is set by the other. One per process, as a Windows process has it.
HandleTable<KernelObject>& kernel_objects();

enum class WaitResult { signalled, timed_out, failed };
// Waits until one (or all, at once) of the objects are signalled and acquires them. *which, where
// not null, receives the index of the first one. timeout_ms < 0: no limit. Waits restart after
// signals. Fails for no objects at all, and for one that cannot be waited on.
WaitResult wait_for(std::span<const std::shared_ptr<KernelObject>> objects, bool all,
                    int timeout_ms, std::size_t* which = nullptr);

}  // namespace instdrv
