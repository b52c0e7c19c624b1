#include "core/asker.hpp"

namespace instdrv::core {

bool OpenedInstances::reserve(std::size_t most, const std::function<bool(HDRVR)>& is_open) {
    const std::lock_guard lock(mutex_);
    if (open_.size() + reserved_ >= most) {
        std::erase_if(open_, [&](HDRVR hdrvr) { return !is_open(hdrvr); });
    }
    if (open_.size() + reserved_ >= most) return false;
    open_.reserve(open_.size() + reserved_ + 1);
    ++reserved_;
    return true;
}

void OpenedInstances::settle(HDRVR hdrvr) noexcept {
    const std::lock_guard lock(mutex_);
    --reserved_;
    if (hdrvr != nullptr) open_.push_back(hdrvr);
}

void OpenedInstances::closed(HDRVR hdrvr) noexcept {
    const std::lock_guard lock(mutex_);
    std::erase(open_, hdrvr);
}

}  // namespace instdrv::core
