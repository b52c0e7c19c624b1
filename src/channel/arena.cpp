#include "channel/arena.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace instdrv::channel {

Arena::Arena(std::span<std::byte> memory) : memory_(memory) {
    if (!memory.empty()) free_.emplace(0, memory.size());
}

std::optional<std::span<std::byte>> Arena::take(std::size_t size) {
    if (size > memory_.size()) return std::nullopt;
    size = (std::max<std::size_t>(size, 1) + alignment - 1) / alignment * alignment;
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(free_.begin(), free_.end(),
                                    [&](const auto& stretch) { return stretch.second >= size; });
    if (found == free_.end()) return std::nullopt;
    const auto [offset, available] = *found;
    if (available > size) free_.emplace(offset + size, available - size);
    auto stretch = free_.extract(found);
    stretch.mapped() = size;
    taken_.insert(std::move(stretch));
    return memory_.subspan(offset, size);
}

void Arena::give_back(std::span<std::byte> piece) noexcept {
    const auto offset = static_cast<std::size_t>(piece.data() - memory_.data());
    const std::lock_guard lock(mutex_);
    const auto taken = taken_.find(offset);
    if (taken == taken_.end()) return;
    add_free(taken_.extract(taken));
}

// Takes no memory: who gives something back may have none.
void Arena::add_free(Stretches::node_type stretch) noexcept {
    auto next = free_.lower_bound(stretch.key());
    if (next != free_.end() && stretch.key() + stretch.mapped() == next->first) {
        stretch.mapped() += next->second;
        next = free_.erase(next);
    }
    if (next != free_.begin()) {
        const auto before = std::prev(next);
        if (before->first + before->second == stretch.key()) {
            before->second += stretch.mapped();
            return;
        }
    }
    free_.insert(next, std::move(stretch));
}

bool Arena::contains(const void* address, std::size_t size) const noexcept {
    const auto offset = reinterpret_cast<std::uintptr_t>(address) -
                        reinterpret_cast<std::uintptr_t>(memory_.data());
    return offset <= memory_.size() && size <= memory_.size() - offset;
}

std::size_t Arena::in_use() const {
    const std::lock_guard lock(mutex_);
    std::size_t sum = 0;
    for (const auto& [offset, size] : taken_)
        sum += size;
    return sum;
}

}  // namespace instdrv::channel
