// A thread whose start can fail: where the system refuses one (RLIMIT_NPROC, pids.max, no memory
// for its stack), the caller gets an Error, and not an exception that ends the program.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <functional>
#include <string_view>

#include <pthread.h>

namespace instdrv {

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

// Starts one and lets it go. Its end is nobody's to wait for, so what body uses has to last.
Status start_detached(std::string_view name, std::size_t stack_bytes, std::function<void()> body);

}  // namespace instdrv
