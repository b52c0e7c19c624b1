#include "supervisor/history.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace instdrv::supervisor {

void History::add(const SentMessage& sent) {
    const std::lock_guard lock(mutex_);
    ring_[count_++ % length] = sent;
}

std::vector<std::string> History::lines() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (std::size_t i = count_ - std::min(count_, length); i < count_; ++i) {
        const auto& sent = ring_[i % length];
        out.push_back(fmt::format("{} hdrvr={:#x} lParam1={:#x} lParam2={:#x}",
                                  messages::describe(sent.message, sent.family), sent.hdrvr,
                                  sent.lparam1, sent.lparam2));
    }
    return out;
}

}  // namespace instdrv::supervisor
