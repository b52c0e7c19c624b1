// Calls the session's object on the bus, from any thread. One thread has the connection, because
// sd-bus belongs to one thread at a time, and a call may take as long as a driver does.
#pragma once

#include <instdrv/error.hpp>

#include <functional>
#include <memory>

#include "session/bus.hpp"

namespace instdrv::client {

class BusCaller {
public:
    static Result<std::unique_ptr<BusCaller>> connect();
    BusCaller(const BusCaller&) = delete;
    BusCaller& operator=(const BusCaller&) = delete;
    // Calls that wait fail.
    ~BusCaller();

    // Both run on the connection's thread and return what sd-bus does: a negative errno if it
    // fails.
    using Fill = std::function<int(sd_bus_message* call)>;
    using Read = std::function<int(sd_bus_message* reply)>;
    // Waits for the reply. The Error is the session's own where it sent one.
    Status call(const char* method, const Fill& fill, const Read& read);
    // Without waiting. `done`: there was a reply, or there will be none. [the connection's thread,
    // or the calling one]
    void post(
        const char* method, Fill fill, std::function<void()> done = [] {});

private:
    class Impl;
    explicit BusCaller(std::shared_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

    std::shared_ptr<Impl> impl_;
};

}  // namespace instdrv::client
