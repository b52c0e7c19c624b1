#include "supervisor/client_channels.hpp"

#include <algorithm>

#include "channel/protocol.hpp"

namespace instdrv::supervisor {
namespace {

// 0 is the supervisor's own.
constexpr std::uint32_t numbers = channel::CallbackToken::most_channels - 1;

}  // namespace

ClientChannels::ClientChannels(std::uint32_t most)
    : most_(std::min(most, numbers)), used_(numbers + 1) {}

std::optional<std::uint32_t> ClientChannels::take() {
    const std::lock_guard lock(mutex_);
    if (count_ >= most_) return std::nullopt;
    do {
        last_ = last_ % numbers + 1;
    } while (used_[last_]);
    used_[last_] = true;
    ++count_;
    return last_;
}

void ClientChannels::give_back(std::uint32_t number) noexcept {
    const std::lock_guard lock(mutex_);
    used_[number] = false;
    --count_;
}

}  // namespace instdrv::supervisor
