#include "service/turns.hpp"

#include <utility>

namespace instdrv::service {

bool Turns::start(const std::string& key, Jobs::Work work) {
    if (waiting_ >= bounds_.most_waiting) return false;
    queues_[key].waiting.push_back(std::move(work));
    ++waiting_;
    begin_what_may();
    return true;
}

void Turns::begin_what_may() {
    for (auto& [key, queue] : queues_) {
        while (!queue.waiting.empty() && queue.running < bounds_.at_a_time &&
               running_ < bounds_.most_running) {
            begin(key, queue);
        }
    }
}

void Turns::begin(const std::string& key, Queue& queue) {
    ++running_;
    ++queue.running;
    --waiting_;
    auto work = std::move(queue.waiting.front());
    queue.waiting.pop_front();
    jobs_.start([this, key, work = std::move(work)]() mutable -> Jobs::Action {
        auto action = work();
        work = nullptr;  // what it owned goes on the job's thread
        return [this, key, action = std::move(action)] {
            ended(key);
            if (action) action();
        };
    });
}

void Turns::ended(const std::string& key) {
    --running_;
    const auto queue = queues_.find(key);
    --queue->second.running;
    if (queue->second.running == 0 && queue->second.waiting.empty()) queues_.erase(queue);
    begin_what_may();
}

}  // namespace instdrv::service
