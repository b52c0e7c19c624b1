// The objects behind the handles of PE code besides events: threads, mutexes, semaphores, files.
// All live in kernel_objects() of base, so that an event made by a native client and one made by a
// driver are the same thing. [any thread]
#pragma once

#include <atomic>
#include <concepts>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/event.hpp"
#include "winapi/abi.hpp"

namespace instdrv::winapi {

inline HANDLE to_handle(std::uint32_t number) {
    return reinterpret_cast<HANDLE>(static_cast<std::uintptr_t>(number));
}
inline HANDLE new_handle(std::shared_ptr<KernelObject> object) {
    return to_handle(kernel_objects().add(std::move(object)));
}

// Null when the handle is closed or stands for something else.
template <std::derived_from<KernelObject> Object>
std::shared_ptr<Object> find_object(HANDLE handle) {
    return std::dynamic_pointer_cast<Object>(
        kernel_objects().find(reinterpret_cast<std::uintptr_t>(handle)));
}

// Belongs to one thread at a time, which may take it repeatedly.
class Mutex final : public KernelObject {
public:
    static std::shared_ptr<Mutex> create(bool initially_owned);

    [[nodiscard]] int wait_fd() const noexcept override { return free_->wait_fd(); }
    bool acquire() noexcept override;
    // Does the calling thread own it? Then it need not wait.
    [[nodiscard]] bool is_mine() const noexcept;
    // False: the calling thread does not own it.
    bool release() noexcept;

private:
    explicit Mutex(std::shared_ptr<Event> free) noexcept : free_(std::move(free)) {}
    std::shared_ptr<Event> free_;  // set while nobody owns it
    std::atomic<int> owner_ = 0;   // a thread id, 0: none
    unsigned depth_ = 0;           // [the owner]
};

class Semaphore final : public KernelObject {
public:
    // Null for counts that make no sense, and when the process is out of descriptors.
    static std::shared_ptr<Semaphore> create(LONG count, LONG limit);

    [[nodiscard]] int wait_fd() const noexcept override { return fd_.get(); }
    bool acquire() noexcept override;
    // False: the limit would be exceeded, and nothing was done.
    bool release(LONG count, LONG* previous) noexcept;

private:
    Semaphore(Fd fd, LONG count, LONG limit) noexcept
        : fd_(std::move(fd)), count_(count), limit_(limit) {}
    Fd fd_;  // an eventfd that counts as the semaphore does
    std::mutex mutex_;
    LONG count_;
    LONG limit_;
};

// A thread that a driver started. Signalled once it has ended.
class ThreadObject final : public KernelObject {
public:
    static constexpr DWORD still_active = 259;
    static std::shared_ptr<ThreadObject> create();

    [[nodiscard]] int wait_fd() const noexcept override { return ended_->wait_fd(); }

    std::atomic<DWORD> id = 0;  // known once the thread runs
    std::atomic<DWORD> exit_code = still_active;
    std::atomic<LONG> priority = 0;
    std::shared_ptr<Event> started;  // set when the thread's id is known
    std::shared_ptr<Event> resumed;  // set when it may run driver code
    void set_ended() noexcept { ended_->set(); }

private:
    std::shared_ptr<Event> ended_;
};

// Objects that were given a name, of which a second Create or an Open gives the same one. Names are
// this process's own. `make` runs when there is no object of that name; a null result is passed on.
struct NamedObject {
    std::shared_ptr<KernelObject> object;  // null: the name belongs to an object of another kind
    bool existed = false;
};
NamedObject find_or_make(std::u16string_view name,
                         const std::function<std::shared_ptr<KernelObject>()>& make);
std::shared_ptr<KernelObject> find_named(std::u16string_view name);

}  // namespace instdrv::winapi
