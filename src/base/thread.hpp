// Threads: starting one without an exception, the bounds of its stack, and what runs when it ends.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include <pthread.h>

namespace instdrv {

// A thread whose start can fail: where the system refuses one (RLIMIT_NPROC, pids.max, no memory
// for its stack), the caller gets an Error, and not an exception that ends the program.
class Thread {
public:
    Thread() noexcept = default;  // none
    Thread(Thread&& other) noexcept;
    Thread& operator=(Thread&& other) noexcept;  // joins what it had
    ~Thread();                                   // joins

    // Runs `body` on a new thread; what it throws ends the program.
    // name: for debuggers and ps(1), cut to 15 bytes. stack_bytes: what body may use, rounded up to
    // what the system wants at least; 0: as much as the system gives by itself (ulimit -s).
    static Result<Thread> start(std::string_view name, std::size_t stack_bytes,
                                std::function<void()> body);

    void join() noexcept;    // does nothing where there is none
    void detach() noexcept;  // the same
    [[nodiscard]] bool joinable() const noexcept { return joinable_; }

private:
    explicit Thread(pthread_t id) noexcept : id_(id), joinable_(true) {}

    pthread_t id_{};
    bool joinable_ = false;
};

// Starts a thread and detaches it. No thread waits for its end, so what `body` uses has to last.
Status start_detached(std::string_view name, std::size_t stack_bytes, std::function<void()> body);

struct StackBounds {
    std::uintptr_t lowest = 0;
    std::uintptr_t highest = 0;  // of the byte behind it

    [[nodiscard]] bool contains(std::uint64_t address, std::size_t size) const noexcept {
        return address >= lowest && address <= highest && size <= highest - address;
    }
};

// The bounds of the calling thread's stack; both 0 where the system does not tell. Allocates
// memory: not for signal handlers.
StackBounds find_stack_bounds() noexcept;

struct ThreadEnd {
    void (*run)(ThreadEnd&) noexcept = nullptr;
    ThreadEnd* before = nullptr;  // of the same thread; at_thread_end sets it
};

// Calls end.run(end) when the calling thread ends, the newest first. `end` lives until then, and
// may be given again in it or later. The first thread's are not run where the process ends.
// Allocates no memory and waits for nothing.
//
// A thread_local with a destructor would do the same, but its first use waits for the C library's
// loader lock. A driver that hangs in a constructor holds that lock for ever, so every thread of an
// exit would hang, too.
void at_thread_end(ThreadEnd& end) noexcept;

// A T of the calling thread, made on first use, in memory that the thread has anyway.
template <class T>
T& of_this_thread() {
    struct Owner : ThreadEnd {
        T value;
    };
    alignas(Owner) static constinit thread_local unsigned char memory[sizeof(Owner)]{};
    static constinit thread_local Owner* made = nullptr;
    if (made == nullptr) {
        made = new (memory) Owner;
        made->run = [](ThreadEnd& end) noexcept {
            auto& owner = static_cast<Owner&>(end);
            owner.~Owner();
            made = nullptr;
        };
        at_thread_end(*made);
    }
    return made->value;
}

}  // namespace instdrv
