#include "supervisor/handle_names.hpp"

namespace instdrv::supervisor {

std::uint64_t HandleNames::name_of(HDRVR hdrvr) {
    if (hdrvr == nullptr) return 0;
    const std::lock_guard lock(mutex_);
    const auto [entry, is_new] = names_.try_emplace(hdrvr, next_);
    if (is_new) {
        handles_.emplace(next_, hdrvr);
        next_ += 4;
    }
    return entry->second;
}

void HandleNames::know(HDRVR hdrvr, std::uint64_t name) {
    forget(hdrvr);
    const std::lock_guard lock(mutex_);
    names_[hdrvr] = name;
    handles_[name] = hdrvr;
}

HDRVR HandleNames::handle_of(std::uint64_t name) const {
    const std::lock_guard lock(mutex_);
    const auto found = handles_.find(name);
    return found == handles_.end() ? nullptr : found->second;
}

std::vector<HDRVR> HandleNames::handles() const {
    const std::lock_guard lock(mutex_);
    std::vector<HDRVR> all;
    all.reserve(names_.size());
    for (const auto& [hdrvr, name] : names_)
        all.push_back(hdrvr);
    return all;
}

void HandleNames::forget(HDRVR hdrvr) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = names_.find(hdrvr);
    if (found == names_.end()) return;
    handles_.erase(found->second);
    names_.erase(found);
}

}  // namespace instdrv::supervisor
