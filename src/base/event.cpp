#include "base/event.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <optional>
#include <vector>

#include <poll.h>

namespace instdrv {

std::shared_ptr<Event> Event::create(bool manual_reset, bool initially_set) {
    auto fd = EventFd::make(initially_set);
    if (!fd) return nullptr;
    return std::shared_ptr<Event>(new Event(std::move(fd), manual_reset));
}

void Event::set() noexcept { fd_.set(); }

void Event::reset() noexcept { fd_.clear(); }

bool Event::acquire() noexcept { return manual_reset_ || fd_.clear(); }

HandleTable<KernelObject>& kernel_objects() {
    // Never destroyed: threads of drivers may still use it while the process exits.
    static auto& table = *new HandleTable<KernelObject>;
    return table;
}

namespace {

using Clock = std::chrono::steady_clock;

int remaining_ms(int timeout_ms, Clock::time_point start) {
    if (timeout_ms < 0) return -1;
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
    return static_cast<int>(std::max<long long>(0, timeout_ms - passed));
}

bool is_ready(const pollfd& polled) { return (polled.revents & POLLIN) != 0; }

// Held while objects are acquired, so that a wait for all takes all of them or none: no other wait
// comes between its last look and its first acquire. An event that is reset there counts as reset
// after the wait.
std::mutex& acquiring() {
    static std::mutex mutex;
    return mutex;
}

bool take_all(std::span<const std::shared_ptr<KernelObject>> objects, std::span<pollfd> polled) {
    const std::lock_guard lock(acquiring());
    ::poll(polled.data(), polled.size(), 0);
    if (!std::all_of(polled.begin(), polled.end(), is_ready)) return false;
    for (const auto& object : objects)
        object->acquire();
    return true;
}

std::optional<std::size_t> take_one(std::span<const std::shared_ptr<KernelObject>> objects,
                                    std::span<const pollfd> polled) {
    const std::lock_guard lock(acquiring());
    for (std::size_t i = 0; i < polled.size(); ++i) {
        if (is_ready(polled[i]) && objects[i]->acquire()) return i;
    }
    return std::nullopt;
}

// Acquires the signalled object(s) of one poll round: the index of the first one.
std::optional<std::size_t> take(std::span<const std::shared_ptr<KernelObject>> objects,
                                std::span<pollfd> polled, bool all) {
    if (!all) return take_one(objects, polled);
    if (!take_all(objects, polled)) return std::nullopt;
    return 0;
}

}  // namespace

WaitResult wait_for(std::span<const std::shared_ptr<KernelObject>> objects, bool all,
                    int timeout_ms, std::size_t* which) {
    if (objects.empty()) return WaitResult::failed;
    std::vector<pollfd> polled;
    for (const auto& object : objects) {
        if (!object || object->wait_fd() < 0) return WaitResult::failed;
        polled.push_back({.fd = object->wait_fd(), .events = POLLIN, .revents = 0});
    }
    const auto start = Clock::now();
    for (;;) {
        const int left = remaining_ms(timeout_ms, start);
        const int count = ::poll(polled.data(), polled.size(), left);
        if (count < 0 && errno != EINTR) return WaitResult::failed;
        const auto taken = count > 0 ? take(objects, polled, all) : std::nullopt;
        if (taken && which != nullptr) *which = *taken;
        if (taken) return WaitResult::signalled;
        if (count >= 0 && left == 0) return WaitResult::timed_out;
        if (count > 0 && all) {
            // Some are ready and would wake every poll at once: wait for the first that is not.
            const auto missing = std::find_if_not(polled.begin(), polled.end(), is_ready);
            if (missing != polled.end()) ::poll(&*missing, 1, remaining_ms(timeout_ms, start));
        }
    }
}

}  // namespace instdrv
