// The Windows process that PE code believes to run in: one per Linux process, because PE code
// reaches its parts (PEB, heaps, handles, loaded images) without being handed them.
#pragma once

#include <filesystem>
#include <memory>

#include "core/driver_system.hpp"
#include "image/pe/environment.hpp"
#include "image/pe/loader.hpp"

namespace instdrv::winapi {

class DriverState;
struct Peb;
class ProcessBlock;

// On whose behalf PE code runs: set on the thread by whoever enters a driver, inherited by threads
// that the driver starts. Lives as long as the driver is loaded.
struct DriverContext {
    std::filesystem::path driver_folder;   // C:\windows\system32, read-only
    DriverState* state = nullptr;          // the rest of C:\, writable; null: there is none
    core::DriverSystem* system = nullptr;  // what winmm's OpenDriver talks to
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

class Process final : public pe::Environment {
public:
    // Made on first use, never destroyed: threads of drivers may outlive everything else.
    static Process& instance();

    [[nodiscard]] pe::Loader& loader() noexcept { return *loader_; }
    [[nodiscard]] Peb& peb() noexcept;

    bool owns(std::string_view dll) const override;
    const void* find_export(std::string_view dll, const pe::Symbol& symbol) const override;
    // Inline-cheap after a thread's first call; see thread.hpp.
    void prepare_thread() override;
    std::uint32_t add_tls(const pe::TlsTemplate& tls) override;
    void remove_tls(std::uint32_t index) override;

private:
    Process();
    ~Process() override = default;
    std::unique_ptr<ProcessBlock> block_;
    std::unique_ptr<pe::Loader> loader_;
};

// What otherwise happens when the calling thread ends: tells the images and destroys its Thread.
void leave_current_thread();

}  // namespace instdrv::winapi
