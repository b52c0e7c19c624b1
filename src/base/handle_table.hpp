// A table of shared objects, each with a number that stands for it, as a HANDLE does. A number is
// an index and a generation, so that the number of a closed object is recognised instead of meaning
// a newer object. Numbers are multiples of 4 below 2^32, never 0 or -1, as Windows' HANDLEs are.
// [any thread]
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace instdrv {

template <class Object>
class HandleTable {
public:
    static constexpr std::size_t capacity = (std::size_t{1} << 18) - 1;

    // 0 when `capacity` objects are open.
    std::uint32_t add(std::shared_ptr<Object> object) {
        const std::lock_guard lock(mutex_);
        std::uint32_t index = 0;
        if (!free_.empty()) {
            index = free_.front();
            free_.pop_front();
        } else if (slots_.size() < capacity) {
            index = static_cast<std::uint32_t>(slots_.size());
            slots_.emplace_back();
        } else {
            return 0;
        }
        slots_[index].object = std::move(object);
        return encode(index, slots_[index].generation);
    }

    // Null when the handle is not open.
    std::shared_ptr<Object> find(std::uintptr_t handle) const {
        const std::lock_guard lock(mutex_);
        const Slot* slot = locate(handle);
        return slot == nullptr ? nullptr : slot->object;
    }

    // Returns what was behind the handle, null when it was not open.
    std::shared_ptr<Object> remove(std::uintptr_t handle) {
        const std::lock_guard lock(mutex_);
        Slot* slot = const_cast<Slot*>(locate(handle));
        if (slot == nullptr) return nullptr;
        slot->generation = (slot->generation + 1) & generation_mask;
        free_.push_back(static_cast<std::uint32_t>(slot - slots_.data()));
        return std::move(slot->object);
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return slots_.size() - free_.size();
    }

private:
    struct Slot {
        std::shared_ptr<Object> object;
        std::uint32_t generation = 0;
    };
    static constexpr std::uint32_t index_bits = 18;
    static constexpr std::uint32_t generation_mask = 0x7FF;

    static std::uint32_t encode(std::uint32_t index, std::uint32_t generation) {
        return ((generation << index_bits) | (index + 1)) << 2;
    }

    const Slot* locate(std::uintptr_t handle) const {
        const auto number = static_cast<std::uint32_t>(handle) >> 2;
        const auto index = (number & ((1u << index_bits) - 1)) - 1;
        if (handle > UINT32_MAX || (handle & 3) != 0 || index >= slots_.size()) return nullptr;
        const Slot& slot = slots_[index];
        return slot.object && slot.generation == number >> index_bits ? &slot : nullptr;
    }

    mutable std::mutex mutex_;
    std::vector<Slot> slots_;
    std::deque<std::uint32_t> free_;  // the longest free one first: old numbers stay stale longer
};

}  // namespace instdrv
