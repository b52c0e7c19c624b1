#include "core/ending.hpp"

#include <cassert>
#include <utility>

#include "core/loaded_module.hpp"

namespace instdrv::core {

// ---- instances ----------------------------------------------------------------------------------

InstanceEnd::InstanceEnd(Instance& instance) noexcept
    : instance_(&instance), generation_(instance.generation) {}

InstanceEnd::InstanceEnd(InstanceEnd&& other) noexcept
    : instance_(std::exchange(other.instance_, nullptr)), generation_(other.generation_) {}

InstanceEnd::~InstanceEnd() { assert(instance_ == nullptr && "an instance that nobody can end"); }

std::optional<InstanceEnd> InstanceEnd::of_new() {
    Instance* const instance = allocate_instance();
    if (instance == nullptr) return std::nullopt;
    return InstanceEnd(*instance);
}

std::optional<InstanceEnd> InstanceEnd::begin(Instance& instance) {
    if (instance.state != InstanceState::open) return std::nullopt;
    InstanceEnd end(instance);
    end.close_again();
    shut(instance);
    return end;
}

bool InstanceEnd::is_held() const noexcept {
    return instance_ != nullptr && instance_->generation == generation_ &&
           (instance_->state == InstanceState::opening ||
            instance_->state == InstanceState::closing);
}

void InstanceEnd::close_again() noexcept {
    instance_->state = InstanceState::closing;
    instance_->owner = &this_thread_record();
}

void InstanceEnd::leave_open() noexcept {
    assert(is_held());
    admit(*std::exchange(instance_, nullptr));
    notify_system();
}

void InstanceEnd::give_back() {
    assert(is_held());
    release_instance(*std::exchange(instance_, nullptr));
    notify_system();
}

// ---- modules ------------------------------------------------------------------------------------

ModuleEnd::ModuleEnd(LoadedModule& module) noexcept : module_(&module) {}

ModuleEnd::ModuleEnd(ModuleEnd&& other) noexcept
    : instances(std::move(other.instances)), module_(std::exchange(other.module_, nullptr)) {}

ModuleEnd::~ModuleEnd() { assert(module_ == nullptr && "a module that nobody can end"); }

std::optional<ModuleEnd> ModuleEnd::begin(LoadedModule& module) {
    const bool loaded_here =
        module.state == ModuleState::loading && module.owner == existing_thread_record();
    if (module.state != ModuleState::ready && !loaded_here) return std::nullopt;
    module.state = ModuleState::unloading;
    ModuleEnd end(module);
    end.take_over();
    return end;
}

void ModuleEnd::take_over() noexcept { module_->owner = &this_thread_record(); }

void ModuleEnd::give_back() noexcept {
    assert(module_->state == ModuleState::unloading);
    module_->state = ModuleState::retired;
    module_->owner = nullptr;
    module_ = nullptr;
    notify_system();
}

}  // namespace instdrv::core
