// The driver that a thread acts for.
#pragma once

#include <filesystem>

#include "core/driver_system.hpp"

namespace instdrv::winapi {

class DriverState;
class DriverText;

// On whose behalf PE code runs: set on the thread by whoever enters a driver, inherited by threads
// that the driver starts. Lives as long as the driver is loaded.
struct DriverContext {
    std::filesystem::path driver_folder;   // C:\windows\system32, read-only
    DriverState* state = nullptr;          // the rest of C:\, writable; null: there is none
    core::DriverSystem* system = nullptr;  // what winmm's OpenDriver talks to
    DriverText* text = nullptr;            // its code pages and locale; null: the usual ones
};

namespace detail {
// Initial-exec, because every call into a driver writes it.
extern constinit thread_local const DriverContext* context
    __attribute__((tls_model("initial-exec")));
}  // namespace detail

// The context of this thread, null outside of driver calls.
inline const DriverContext* current_context() noexcept { return detail::context; }

// Sets the thread's context for a scope.
class ContextScope {
public:
    explicit ContextScope(const DriverContext* context) noexcept : previous_(detail::context) {
        detail::context = context;
    }
    ~ContextScope() { detail::context = previous_; }
    ContextScope(const ContextScope&) = delete;
    ContextScope& operator=(const ContextScope&) = delete;

private:
    const DriverContext* previous_;
};

}  // namespace instdrv::winapi
