// The steps of a session exit, as a LifeCycle carries them out.
#include <algorithm>
#include <utility>

#include "core/deliver.hpp"
#include "core/life_cycle.hpp"

namespace instdrv::core {
namespace {

Answer gone() {
    static const Error error{.code = ErrorCode::bad_handle, .cause = "it is not open any more"};
    return {0, &error};
}

ExitModule describe(const LoadedModule& module, std::size_t lane) {
    ExitModule out{.lane = lane,
                   .name = module.self.name,
                   .file = module.file.string(),
                   .kind = std::string(module.image->kind())};
    if (module.hidden != nullptr) {
        out.session_instance = {module.hidden->target.hdrvr, module.hidden->target.driver_id};
    }
    return out;
}

}  // namespace

bool LifeCycle::begin_exit() {
    const auto lock = lock_system();
    return !std::exchange(exiting_, true);
}

LifeCycle::ExitSnapshot LifeCycle::exit_snapshot(bool keep_loaded) {
    const auto lock = lock_system();
    ExitSnapshot out;
    std::copy_if(modules_.begin(), modules_.end(), std::back_inserter(out.modules),
                 [](const auto& module) { return module->state == ModuleState::ready; });
    std::sort(out.modules.begin(), out.modules.end(),
              [](const auto& a, const auto& b) { return a->sequence < b->sequence; });
    for (const auto& module : out.modules) {
        out.world.modules.push_back(describe(*module, out.world.modules.size()));
        if (keep_loaded) module->kept = true;
    }
    for (const auto& [sequence, instance] : open_) {
        const auto module = std::find(out.modules.begin(), out.modules.end(), instance->loaded);
        if (module == out.modules.end()) continue;
        out.world.instances.push_back(
            {.handle = instance->target.hdrvr,
             .driver_id = instance->target.driver_id,
             .module = static_cast<std::size_t>(module - out.modules.begin()),
             .name = instance->name});
    }
    return out;
}

Answer LifeCycle::exit_call(const ExitCall& call, const std::shared_ptr<LoadedModule>& module) {
    this_thread_record();
    switch (call.message) {
        case DRV_EXITSESSION:
            if (call.instance) return send(call.handle, DRV_EXITSESSION, 0, 0);
            return deliver_to_module(*module, nullptr, DRV_EXITSESSION);
        case DRV_CLOSE:
            if (!call.hidden) return exit_close(call.handle);
            {
                Lock lock = lock_system();
                return close_hidden(lock, *module);
            }
        case DRV_DISABLE: return exit_disable(module);
        default: return exit_free(module);
    }
}

Answer LifeCycle::exit_close(HDRVR hdrvr) {
    Lock lock = lock_system();
    Instance* const instance = find_instance(hdrvr);
    if (instance == nullptr || instance->state != InstanceState::open) return gone();
    const auto module = instance->loaded;
    instance->state = InstanceState::closing;
    instance->owner = &this_thread_record();
    shut(*instance);
    wait_until_left(lock, *instance);
    lock.unlock();
    const Answer answer = deliver(*instance, DRV_CLOSE);
    lock.lock();
    if (instance->state != InstanceState::closing) return answer;  // given up meanwhile
    module->last_handle = hdrvr;
    drop_instance(*instance);
    leave_module(lock, module);
    return answer;
}

Answer LifeCycle::exit_disable(const std::shared_ptr<LoadedModule>& module) {
    Lock lock = lock_system();
    if (!wait_until_alone(lock, module)) return gone();
    module->state = ModuleState::unloading;
    module->owner = &this_thread_record();
    lock.unlock();
    return deliver_to_module(*module, module->last_handle, DRV_DISABLE);
}

// Shuts what instances are left and waits for the calls of other threads in the module: sends, and
// instances that are just opened or closed. False: the module was given up meanwhile.
bool LifeCycle::wait_until_alone(Lock& lock, const std::shared_ptr<LoadedModule>& module) {
    std::size_t shut_here = 0;
    for (const auto& [sequence, instance] : open_) {
        if (instance->loaded != module || instance->state != InstanceState::open) continue;
        instance->state = InstanceState::closing;
        instance->owner = &this_thread_record();
        shut(*instance);
        ++shut_here;
    }
    while (module->state == ModuleState::ready &&
           (module->users > shut_here || is_entered(*module, Whose::others))) {
        wait_for_change(lock, *module);
    }
    return module->state == ModuleState::ready;
}

Answer LifeCycle::exit_free(const std::shared_ptr<LoadedModule>& module) {
    const Answer answer = deliver_to_module(*module, module->last_handle, DRV_FREE);
    Lock lock = lock_system();
    if (module->state != ModuleState::unloading) return answer;  // given up meanwhile
    drop_instances_of(module);
    retire(lock, module);
    return answer;
}

void LifeCycle::drop_instances_of(const std::shared_ptr<LoadedModule>& module) {
    if (Instance* const hidden = std::exchange(module->hidden, nullptr)) {
        shut(*hidden);
        release_instance(*hidden);
    }
    std::vector<Instance*> left;
    for (const auto& [sequence, instance] : open_) {
        if (instance->loaded == module) left.push_back(instance);
    }
    for (Instance* instance : left) {
        --module->users;
        drop_instance(*instance);
    }
}

void LifeCycle::exit_abandon(const std::shared_ptr<LoadedModule>& module) {
    Lock lock = lock_system();
    if (module->state == ModuleState::retired) return;
    module->image->abandon();
    drop_instances_of(module);
    retire(lock, module);
}

}  // namespace instdrv::core
