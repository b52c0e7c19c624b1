// What can be asked of a LifeCycle: snapshots and enumeration.
#include <algorithm>
#include <new>

#include "core/life_cycle.hpp"

namespace instdrv::core {
namespace {

InstanceSnapshot snapshot_of(const Instance& instance) {
    return {.handle = instance.target.hdrvr,
            .module = instance.module->handle(),
            .driver_id = instance.target.driver_id,
            .name = instance.name,
            .file = instance.loaded->file,
            .kind = std::string(instance.module->kind()),
            .placement =
                instance.module->process() != nullptr ? Placement::worker : Placement::in_process,
            .dead = is_dead(*instance.module)};
}

// Aligned for whatever a driver in this process does with it.
std::shared_ptr<std::byte> buffer_of_this_process(std::size_t size) {
    constexpr std::align_val_t alignment{64};
    auto* const memory = static_cast<std::byte*>(::operator new(size, alignment, std::nothrow));
    return {memory, [](std::byte* bytes) { ::operator delete(bytes, alignment); }};
}

Error not_open(const char* operation) {
    return {.code = ErrorCode::bad_handle,
            .operation = operation,
            .cause = "the handle is not an open instance"};
}

}  // namespace

Result<InstanceSnapshot> LifeCycle::snapshot(HDRVR hdrvr) const {
    const auto lock = lock_system();
    const Instance* const instance = find_own(hdrvr);
    if (instance == nullptr) return failure(not_open("ask about a driver"));
    return snapshot_of(*instance);
}

// System lock.
const Instance* LifeCycle::find_own(HDRVR hdrvr) const {
    const Instance* const instance = find_instance(hdrvr);
    const bool own =
        instance != nullptr && instance->life_cycle == this && instance->module != nullptr;
    return own ? instance : nullptr;
}

Result<DWORD_PTR> LifeCycle::expose(HDRVR hdrvr, DWORD type, DWORD_PTR callback) {
    const auto lock = lock_system();
    const Instance* const instance = find_own(hdrvr);
    if (instance == nullptr) return failure(not_open("offer a callback"));
    auto* const process = instance->module->process();
    return process == nullptr ? callback : process->expose(instance->target, type, callback);
}

std::uint64_t LifeCycle::name_of(HDRVR hdrvr) const {
    const auto lock = lock_system();
    const Instance* const instance = find_own(hdrvr);
    if (instance == nullptr) return 0;
    auto* const process = instance->module->process();
    return process == nullptr ? reinterpret_cast<std::uintptr_t>(hdrvr) : process->name_of(hdrvr);
}

Result<std::shared_ptr<std::byte>> LifeCycle::take_buffer(HDRVR hdrvr, std::size_t size) {
    const auto lock = lock_system();
    const Instance* const instance = find_own(hdrvr);
    if (instance == nullptr) return failure(not_open("take a buffer"));
    auto* const process = instance->module->process();
    auto buffer = process == nullptr ? buffer_of_this_process(size) : process->take_buffer(size);
    if (buffer != nullptr) return buffer;
    return failure(Error{.code = ErrorCode::out_of_memory,
                         .operation = "take a buffer",
                         .driver = instance->name,
                         .cause = "there is not that much memory to share with the driver"});
}

std::vector<InstanceSnapshot> LifeCycle::instances() const {
    const auto lock = lock_system();
    std::vector<InstanceSnapshot> out;
    out.reserve(open_.size());
    for (const auto& [sequence, instance] : open_)
        out.push_back(snapshot_of(*instance));
    return out;
}

const Instance* LifeCycle::neighbour(HDRVR hdrvr, bool reverse) const {
    if (open_.empty()) return nullptr;
    if (hdrvr == nullptr) return reverse ? open_.rbegin()->second : open_.begin()->second;
    const Instance* const instance = find_instance(hdrvr);
    if (instance == nullptr || instance->life_cycle != this) return nullptr;
    const auto at = open_.find(instance->sequence);
    if (at == open_.end() || at->second != instance) return nullptr;
    if (reverse) return at == open_.begin() ? nullptr : std::prev(at)->second;
    const auto after = std::next(at);
    return after == open_.end() ? nullptr : after->second;
}

bool LifeCycle::is_first_of_module(const Instance& instance) const {
    const auto first = std::find_if(open_.begin(), open_.end(), [&](const auto& entry) {
        return entry.second->loaded == instance.loaded;
    });
    return first->second == &instance;
}

HDRVR LifeCycle::next(HDRVR hdrvr, DWORD flags) const {
    const auto lock = lock_system();
    const bool reverse = (flags & GND_REVERSE) != 0;
    const Instance* instance = neighbour(hdrvr, reverse);
    while (instance != nullptr && (flags & GND_FIRSTINSTANCEONLY) != 0 &&
           !is_first_of_module(*instance)) {
        instance = neighbour(instance->target.hdrvr, reverse);
    }
    return instance == nullptr ? nullptr : instance->target.hdrvr;
}

}  // namespace instdrv::core
