#include "worker/open_instances.hpp"

#include <algorithm>

namespace instdrv::worker {

void OpenInstances::opened(std::uint64_t name, const Instance& instance) {
    const std::lock_guard lock(mutex_);
    entries_[name] = {.instance = instance};
}

template <class Matches>
bool OpenInstances::has_left(const Matches& matches) const {
    return std::ranges::none_of(inside_, [&](const Inside& inside) {
        return matches(inside) && inside.thread != std::this_thread::get_id();
    });
}

void OpenInstances::refuse_entry(std::uint64_t name) {
    if (const auto found = entries_.find(name); found != entries_.end()) found->second.shut = true;
}

bool OpenInstances::shut(std::uint64_t name, std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    refuse_entry(name);
    return left_.wait_for(lock, longest, [&] {
        return has_left([&](const Inside& inside) { return inside.name == name; });
    });
}

void OpenInstances::shut(std::uint64_t name) {
    std::unique_lock lock(mutex_);
    refuse_entry(name);
    left_.wait(lock,
               [&] { return has_left([&](const Inside& inside) { return inside.name == name; }); });
}

void OpenInstances::shut(const core::Module& module) {
    std::unique_lock lock(mutex_);
    for (auto& [name, entry] : entries_)
        entry.shut = entry.shut || entry.instance.module == &module;
    left_.wait(lock, [&] {
        return has_left([&](const Inside& inside) { return inside.module == &module; });
    });
}

void OpenInstances::admit(std::uint64_t name) {
    const std::lock_guard lock(mutex_);
    if (const auto found = entries_.find(name); found != entries_.end()) found->second.shut = false;
}

void OpenInstances::closed(std::uint64_t name) {
    const std::lock_guard lock(mutex_);
    entries_.erase(name);
}

std::uint32_t OpenInstances::channel_of(std::uint64_t name) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(name);
    return found == entries_.end() ? 0 : found->second.instance.channel;
}

void OpenInstances::forget(const core::Module& module) {
    shut(module);
    const std::lock_guard lock(mutex_);
    std::erase_if(entries_,
                  [&](const auto& entry) { return entry.second.instance.module == &module; });
}

OpenInstances::Visit::Visit(OpenInstances& instances, std::uint64_t name, std::uint32_t channel)
    : instances_(instances), name_(name) {
    const std::lock_guard lock(instances_.mutex_);
    const auto found = instances_.entries_.find(name);
    if (found == instances_.entries_.end() || found->second.shut) return;
    if (found->second.instance.channel != channel) return;
    instance_ = found->second.instance;
    instances_.inside_.push_back({name, instance_->module, std::this_thread::get_id()});
}

OpenInstances::Visit::~Visit() {
    if (!instance_) return;
    const std::lock_guard lock(instances_.mutex_);
    auto& inside = instances_.inside_;
    const auto mine = std::ranges::find_if(inside, [&](const Inside& one) {
        return one.name == name_ && one.thread == std::this_thread::get_id();
    });
    inside.erase(mine);
    instances_.left_.notify_all();
}

}  // namespace instdrv::worker
