// The callbacks of one instance that run in this process. Once the gate is closed, no callback
// begins. The thread that closes it waits for the callbacks of other threads, but not for its own,
// because a callback may close its own instance. [any thread]
#pragma once

#include <condition_variable>
#include <mutex>

namespace instdrv::core {

class CallbackGate {
public:
    CallbackGate() = default;
    CallbackGate(const CallbackGate&) = delete;
    CallbackGate& operator=(const CallbackGate&) = delete;
    void close() noexcept;

    // A callback of the gate's instance on this thread. Outlived by the gate.
    class Passage {
    public:
        explicit Passage(CallbackGate& gate);
        ~Passage();
        Passage(const Passage&) = delete;
        Passage& operator=(const Passage&) = delete;
        // False: the instance is closed, and nothing may be called.
        explicit operator bool() const noexcept { return open_; }

    private:
        friend class CallbackGate;
        CallbackGate& gate_;
        Passage* const outer_;  // on this thread
        bool open_ = false;
    };

private:
    [[nodiscard]] int of_this_thread() const noexcept;

    std::mutex mutex_;
    std::condition_variable left_;
    int inside_ = 0;
    bool closed_ = false;
};

}  // namespace instdrv::core
