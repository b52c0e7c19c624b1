#include "supervisor/history.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace instdrv::supervisor {

void History::add(const SentMessage& sent) noexcept {
    auto& slot = ring_[count_.fetch_add(1, std::memory_order_relaxed) % length];
    slot.family.store(sent.family, std::memory_order_relaxed);
    slot.message.store(sent.message, std::memory_order_relaxed);
    slot.hdrvr.store(sent.hdrvr, std::memory_order_relaxed);
    slot.lparam1.store(sent.lparam1, std::memory_order_relaxed);
    slot.lparam2.store(sent.lparam2, std::memory_order_relaxed);
}

std::vector<std::string> History::lines() const {
    const std::size_t count = count_;
    std::vector<std::string> out;
    for (std::size_t i = count - std::min(count, length); i < count; ++i) {
        const auto& sent = ring_[i % length];
        out.push_back(fmt::format("{} hdrvr={:#x} lParam1={:#x} lParam2={:#x}",
                                  messages::describe(sent.message, sent.family), sent.hdrvr.load(),
                                  sent.lparam1.load(), sent.lparam2.load()));
    }
    return out;
}

}  // namespace instdrv::supervisor
