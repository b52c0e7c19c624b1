// Calls functions when a thread ends. A thread_local with a destructor would do the same, but its
// first use waits for the C library's loader lock. A driver that hangs in a constructor holds that
// lock for ever, so every thread of an exit would hang, too.
#pragma once

namespace instdrv {

struct ThreadEnd {
    void (*run)(ThreadEnd&) noexcept = nullptr;
    ThreadEnd* before = nullptr;  // of the same thread; at_thread_end sets it
};

// Calls end.run(end) when the calling thread ends, the newest first. `end` lives until then, and
// may be given again in it or later. The first thread's are not run where the process ends.
// Takes no memory and waits for nothing.
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
