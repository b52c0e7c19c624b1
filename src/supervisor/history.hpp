// The last messages sent to a worker, for the report of its death. [any thread]
#pragma once

#include <instdrv/driver.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "messages/catalog.hpp"

namespace instdrv::supervisor {

struct SentMessage {
    messages::Family family = messages::Family::standard;
    UINT message = 0;
    std::uint64_t hdrvr = 0;  // as the worker knows it
    std::uint64_t lparam1 = 0;
    std::uint64_t lparam2 = 0;
};

class History {
public:
    static constexpr std::size_t length = 32;

    void add(const SentMessage& sent);
    // A line each, oldest first.
    [[nodiscard]] std::vector<std::string> lines() const;

private:
    mutable std::mutex mutex_;
    std::array<SentMessage, length> ring_{};
    std::size_t count_ = 0;
};

}  // namespace instdrv::supervisor
