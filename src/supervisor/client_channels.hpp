// The channels that other programs have to a worker, by number: how many there may be, and which
// numbers are free. [any thread]
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace instdrv::supervisor {

class ClientChannels {
public:
    // most: at a time; more than there are numbers is that many.
    explicit ClientChannels(std::uint32_t most);

    // Takes the number that has been free for the longest time, so that a late reference to its
    // former owner does not reach another program. std::nullopt if there are as many channels as
    // allowed.
    std::optional<std::uint32_t> take();
    void give_back(std::uint32_t number) noexcept;

private:
    const std::uint32_t most_;
    std::mutex mutex_;
    std::vector<bool> used_;
    std::uint32_t count_ = 0;
    std::uint32_t last_ = 0;
};

}  // namespace instdrv::supervisor
