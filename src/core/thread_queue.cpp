#include "core/thread_queue.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>

#include <sys/syscall.h>
#include <unistd.h>

namespace instdrv::core {
namespace {

constexpr std::size_t queue_limit = 10'000;

struct Queue {
    std::mutex mutex;
    std::condition_variable arrived;
    std::deque<ThreadMessage> messages;
};

struct Queues {
    std::mutex mutex;
    std::unordered_map<DWORD, std::shared_ptr<Queue>> by_thread;
};

Queues& queues() {
    static auto& instance = *std::make_unique<Queues>().release();
    return instance;
}

std::shared_ptr<Queue> find_queue(DWORD thread_id) {
    auto& all = queues();
    const std::lock_guard lock(all.mutex);
    const auto found = all.by_thread.find(thread_id);
    return found == all.by_thread.end() ? nullptr : found->second;
}

// Registers the calling thread's queue for as long as the thread lives.
struct QueueOwner {
    std::shared_ptr<Queue> queue = std::make_shared<Queue>();
    QueueOwner() {
        const std::lock_guard lock(queues().mutex);
        queues().by_thread[this_thread_id()] = queue;
    }
    ~QueueOwner() {
        const std::lock_guard lock(queues().mutex);
        queues().by_thread.erase(this_thread_id());
    }
};

}  // namespace

DWORD this_thread_id() noexcept {
    thread_local const auto id = static_cast<DWORD>(::syscall(SYS_gettid));
    return id;
}

bool post_thread_message(DWORD thread_id, const ThreadMessage& message) {
    const auto queue = find_queue(thread_id);
    if (queue == nullptr) return false;
    const std::lock_guard lock(queue->mutex);
    if (queue->messages.size() >= queue_limit) return false;
    queue->messages.push_back(message);
    queue->arrived.notify_one();
    return true;
}

std::optional<ThreadMessage> next_thread_message(int timeout_ms) {
    thread_local QueueOwner owner;
    Queue& queue = *owner.queue;
    std::unique_lock lock(queue.mutex);
    const auto something = [&] { return !queue.messages.empty(); };
    if (timeout_ms < 0) {
        queue.arrived.wait(lock, something);
    } else if (!queue.arrived.wait_for(lock, std::chrono::milliseconds(timeout_ms), something)) {
        return std::nullopt;
    }
    const ThreadMessage message = queue.messages.front();
    queue.messages.pop_front();
    return message;
}

}  // namespace instdrv::core
