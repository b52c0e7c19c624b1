// Runs jobs in turns: of the jobs with one key, such as the file of a driver, only a limited number
// run at a time, and the others wait in order. So hundreds of programs that come or leave at once
// need few threads, a driver is called by no more threads than it has lanes for, and a driver that
// hangs holds up only jobs for that driver.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>

#include "service/jobs.hpp"

namespace instdrv::service {

class Turns {
public:
    struct Bounds {
        std::size_t at_a_time;     // with one key
        std::size_t most_running;  // with all keys together
        std::size_t most_waiting;
    };
    // The jobs outlive it.
    Turns(Jobs& jobs, const Bounds& bounds) noexcept : jobs_(jobs), bounds_(bounds) {}
    Turns(const Turns&) = delete;
    Turns& operator=(const Turns&) = delete;
    ~Turns() = default;

    // False: too many wait already. [loop thread]
    [[nodiscard]] bool start(const std::string& key, Jobs::Work work);

private:
    struct Queue {
        std::size_t running = 0;
        std::deque<Jobs::Work> waiting;
    };

    void begin_what_may();
    void begin(const std::string& key, Queue& queue);
    void ended(const std::string& key);

    Jobs& jobs_;
    const Bounds bounds_;
    std::map<std::string, Queue> queues_;  // none is idle
    std::size_t running_ = 0;
    std::size_t waiting_ = 0;
};

}  // namespace instdrv::service
