// Threads as PE code sees them. Every thread that enters PE code has a Thread, made when it first
// does so (Process::prepare_thread) and destroyed when it ends, after every image was told
// DLL_THREAD_DETACH. The main thread's stays until the process ends: drivers may be closed by
// static destructors, and Windows tells images nothing either when the main thread ends.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "image/pe/environment.hpp"
#include "winapi/threads/teb.hpp"

namespace instdrv::winapi {

class Thread {
public:
    explicit Thread(Peb& peb);
    ~Thread();
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;

    [[nodiscard]] Teb& teb() noexcept { return *teb_; }
    [[nodiscard]] DWORD id() const noexcept { return static_cast<DWORD>(teb_->UniqueThread); }

    // FlsAlloc's slots, see fiber_storage.hpp. [own thread]
    struct FiberValue {
        void* value = nullptr;
        std::uint32_t generation = 0;  // of the slot when the value was set
    };
    std::vector<FiberValue> fiber_values;

private:
    friend class ThreadList;
    void find_stack();
    void give_tls(std::uint32_t index, const pe::TlsTemplate& tls);
    void take_tls(std::uint32_t index);
    void grow_tls_array(std::size_t needed);

    struct FreeAligned {
        void operator()(void* block) const noexcept;
    };
    using Block = std::unique_ptr<void, FreeAligned>;

    std::unique_ptr<Teb> teb_;
    std::vector<void*> expansion_slots_;
    std::vector<Block> tls_blocks_;                     // by index, null where the module is gone
    std::vector<std::unique_ptr<void*[]>> tls_arrays_;  // the last one is in use
    std::size_t tls_capacity_ = 0;
};

namespace detail {
extern constinit thread_local Thread* this_thread __attribute__((tls_model("initial-exec")));
// Makes the calling thread's, as the Windows process has it done (use_first_entry).
Thread& enter_first_time();
}  // namespace detail

// The calling thread's, made on first use. One load and one test afterwards.
inline Thread& current_thread() {
    Thread* const thread = detail::this_thread;
    return thread != nullptr ? *thread : detail::enter_first_time();
}

// Sets what makes the Thread of a thread that enters PE code for the first time. Called once,
// before main, by the Windows process, which lies above this folder.
void use_first_entry(Thread& (*enter)()) noexcept;

// Has the calling thread one already?
inline bool has_entered() noexcept { return detail::this_thread != nullptr; }

// Every Thread of the process, and the thread-local data of every module: a module loaded while
// threads run gets its data in all of them at once, as PE code uses it without asking. [any thread]
class ThreadList {
public:
    ThreadList();
    ~ThreadList();

    Thread& add(Peb& peb);
    void remove(Thread& thread);

    std::uint32_t add_tls(const pe::TlsTemplate& tls);
    void remove_tls(std::uint32_t index);

    // TlsAlloc's index was freed or newly given out: it reads 0 in every thread.
    void clear_slot(std::uint32_t index);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};
ThreadList& thread_list();

// Points the segment register that PE code uses for its TEB (GS on x86-64, FS on i386) at `teb`.
void set_teb_segment(Teb* teb) noexcept;

}  // namespace instdrv::winapi
