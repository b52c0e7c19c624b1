#include "winapi/threads/fiber_storage.hpp"

#include <array>
#include <mutex>
#include <utility>

#include "image/pe/guarded_call.hpp"

namespace instdrv::winapi {
namespace {

constexpr std::size_t slot_count = 128;

struct Slot {
    bool used = false;
    FiberCallback callback = nullptr;
    // Counts how often the slot was given out: a thread's value of an earlier time reads 0.
    std::uint32_t generation = 0;
};

struct Slots {
    std::mutex mutex;
    std::array<Slot, slot_count> all;
};

Slots& slots() {
    static auto* const table = new Slots;  // threads of drivers may outlive everything else
    return *table;
}

// What the callback does wrong ends the callback alone: the value is gone either way.
void hand_back(FiberCallback callback, void* value) {
    if (callback == nullptr || value == nullptr) return;
    pe::guarded_call(reinterpret_cast<const void*>(callback), reinterpret_cast<pe::Word>(value));
}

}  // namespace

std::optional<DWORD> allocate_fiber_slot(FiberCallback callback) {
    const std::lock_guard lock(slots().mutex);
    for (std::size_t index = 1; index < slot_count; ++index) {
        Slot& slot = slots().all[index];
        if (slot.used) continue;
        slot = {true, callback, slot.generation + 1};
        return static_cast<DWORD>(index);
    }
    return std::nullopt;
}

bool free_fiber_slot(DWORD index) {
    void** const place = fiber_slot(current_thread(), index);
    if (place == nullptr) return false;
    FiberCallback callback = nullptr;
    {
        const std::lock_guard lock(slots().mutex);
        Slot& slot = slots().all[index];
        callback = slot.callback;
        slot.used = false;
    }
    hand_back(callback, std::exchange(*place, nullptr));
    return true;
}

void** fiber_slot(Thread& thread, DWORD index) {
    if (index >= slot_count) return nullptr;
    if (thread.fiber_values.size() <= index) thread.fiber_values.resize(slot_count);
    Thread::FiberValue& value = thread.fiber_values[index];
    const std::lock_guard lock(slots().mutex);
    const Slot& slot = slots().all[index];
    if (!slot.used) return nullptr;
    if (value.generation != slot.generation) value = {nullptr, slot.generation};
    return &value.value;
}

void run_fiber_callbacks(Thread& thread) {
    for (DWORD index = 0; index < thread.fiber_values.size(); ++index) {
        void** const place = fiber_slot(thread, index);
        if (place == nullptr) continue;
        FiberCallback callback = nullptr;
        {
            const std::lock_guard lock(slots().mutex);
            callback = slots().all[index].callback;
        }
        hand_back(callback, std::exchange(*place, nullptr));
    }
}

}  // namespace instdrv::winapi
