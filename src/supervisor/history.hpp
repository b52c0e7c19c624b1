// The last messages sent to a worker, for the report of its death. [any thread]
#pragma once

#include <instdrv/driver.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
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

    // Takes no lock: every message passes here.
    void add(const SentMessage& sent) noexcept;
    // A line each, oldest first. One that is being added meanwhile may be half there.
    [[nodiscard]] std::vector<std::string> lines() const;

private:
    struct Slot {
        std::atomic<messages::Family> family;
        std::atomic<UINT> message;
        std::atomic<std::uint64_t> hdrvr;
        std::atomic<std::uint64_t> lparam1;
        std::atomic<std::uint64_t> lparam2;
    };

    std::array<Slot, length> ring_{};
    std::atomic<std::size_t> count_{0};
};

}  // namespace instdrv::supervisor
