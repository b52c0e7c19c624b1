// The steps of a session exit, as a LifeCycle carries them out.
#include <algorithm>
#include <utility>

#include "core/deliver.hpp"
#include "core/life_cycle.hpp"

namespace instdrv::core {
namespace {

ExitModuleState state_of(const LoadedModule& module) {
    switch (module.state) {
        case ModuleState::loading: return ExitModuleState::loading;
        case ModuleState::ready: return ExitModuleState::ready;
        default: return ExitModuleState::unloading;
    }
}

ExitModule describe(const LoadedModule& module, std::size_t queue) {
    ExitModule out{.queue = queue,
                   .name = module.self.name,
                   .file = module.file.string(),
                   .kind = module.image == nullptr ? "" : std::string(module.image->kind()),
                   .state = state_of(module)};
    if (module.hidden != nullptr) {
        out.session_instance = {module.hidden->target.hdrvr, module.hidden->target.driver_id};
    }
    return out;
}

// Those that are loading have no place in the order yet: they come last.
bool loaded_before(const std::shared_ptr<LoadedModule>& a, const std::shared_ptr<LoadedModule>& b) {
    const auto place = [](const LoadedModule& module) {
        return module.sequence == 0 ? UINT64_MAX : module.sequence;
    };
    return place(*a) < place(*b);
}

Answer broken(Error error) {
    thread_local Error last;
    last = std::move(error);
    return {0, &last};
}

}  // namespace

bool LifeCycle::begin_exit() {
    const auto lock = lock_system();
    return !std::exchange(exiting_, true);
}

LifeCycle::ExitSnapshot LifeCycle::exit_snapshot(bool keep_loaded) {
    const auto lock = lock_system();
    ExitSnapshot out;
    out.modules = modules_;
    std::stable_sort(out.modules.begin(), out.modules.end(), loaded_before);
    for (const auto& module : out.modules) {
        out.world.modules.push_back(describe(*module, out.world.modules.size()));
        if (keep_loaded && module->state == ModuleState::ready) module->kept = true;
    }
    for (const auto& [sequence, instance] : open_) {
        const auto module = std::find(out.modules.begin(), out.modules.end(), instance->loaded);
        if (module == out.modules.end() || (*module)->state != ModuleState::ready) continue;
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
    if (call.waits) return exit_wait(module);
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
        case DRV_FREE: return exit_free(module);
        default: return exit_unload(module);
    }
}

Answer LifeCycle::exit_wait(const std::shared_ptr<LoadedModule>& module) {
    Lock lock = lock_system();
    while (module->state != ModuleState::retired) {
        if (wait_for_change(lock, *module) != Waited::over) return gone();
    }
    return {1, nullptr};
}

Answer LifeCycle::exit_close(HDRVR hdrvr) {
    Lock lock = lock_system();
    Instance* const instance = find_instance(hdrvr);
    auto end = instance == nullptr ? std::nullopt : InstanceEnd::begin(*instance);
    if (!end) return gone();
    const auto module = instance->loaded;
    static_cast<void>(wait_until_left(lock, *instance));
    Answer answer = gone();
    if (!module->given_up) {
        lock.unlock();
        answer = deliver(*instance, DRV_CLOSE);
        lock.lock();
        module->last_handle = hdrvr;
    }
    // The exit ends the module itself, or somebody who is not asked has given it up.
    static_cast<void>(give_back(lock, *std::move(end)));
    return answer;
}

Answer LifeCycle::exit_disable(const std::shared_ptr<LoadedModule>& module) {
    Lock lock = lock_system();
    auto end = begin_when_alone(lock, module);
    if (!end) return gone();
    const Answer answer = send_in_end(lock, *end, DRV_DISABLE);
    keep_for_next_step(lock, *std::move(end));
    return answer;
}

Answer LifeCycle::exit_free(const std::shared_ptr<LoadedModule>& module) {
    Lock lock = lock_system();
    auto end = std::exchange(module->waiting_end, std::nullopt);
    if (!end) return gone();
    end->take_over();
    const Answer answer = send_in_end(lock, *end, DRV_FREE);
    keep_for_next_step(lock, *std::move(end));
    return answer;
}

Answer LifeCycle::exit_unload(const std::shared_ptr<LoadedModule>& module) {
    Lock lock = lock_system();
    auto end = std::exchange(module->waiting_end, std::nullopt);
    if (!end) return gone();
    end->take_over();
    if (Status unloaded = unload(lock, *std::move(end)); !unloaded) {
        return broken(std::move(unloaded.error()));
    }
    return {1, nullptr};
}

// Shuts what instances are open and waits for the calls of other threads in the module: sends, and
// instances that are just opened or closed. Nothing: the module was given up meanwhile.
std::optional<ModuleEnd> LifeCycle::begin_when_alone(Lock& lock,
                                                     const std::shared_ptr<LoadedModule>& module) {
    std::vector<InstanceEnd> shut_here;
    // Before there is a right that could be lost. The exit has begun, so there will be no more.
    shut_here.reserve(module->users + 1);
    while (module->state == ModuleState::ready) {
        // One that another thread failed to close is open again.
        while (auto one = shut_next_open(*module))
            shut_here.push_back(*std::move(one));
        const auto used_here = static_cast<std::size_t>(
            std::count_if(shut_here.begin(), shut_here.end(),
                          [](const InstanceEnd& end) { return !end.instance().hidden; }));
        if (module->users == used_here && !is_entered(*module, Whose::others)) {
            auto end = ModuleEnd::begin(*module);
            end->instances = std::move(shut_here);
            return end;
        }
        if (wait_for_change(lock, *module) != Waited::over) break;
    }
    for (auto& one : shut_here)
        give_back_shut(lock, std::move(one));
    static_cast<void>(after_leaving(lock, module));  // somebody else has ended it
    return std::nullopt;
}

// Where the module was given up during the step, this thread is the one who gives it back.
void LifeCycle::keep_for_next_step(Lock& lock, ModuleEnd end) {
    auto& module = end.module();
    if (module.given_up) return give_back_given_up(lock, std::move(end));
    module.owner = nullptr;
    module.waiting_end.emplace(std::move(end));
}

void LifeCycle::exit_abandon(const std::shared_ptr<LoadedModule>& module) {
    this_thread_record();
    Lock lock = lock_system();
    if (module->state == ModuleState::retired || std::exchange(module->given_up, true)) return;
    auto end = module->waiting_end ? std::exchange(module->waiting_end, std::nullopt)
               : module->state == ModuleState::ready ? ModuleEnd::begin(*module)
                                                     : std::nullopt;
    const auto image = module->image;
    notify_system();
    lock.unlock();
    if (image == nullptr) {
        module->under_way.abandon();
    } else if (auto* const process = image->process()) {
        process->abandon();
    }
    lock.lock();
    if (end) give_back_given_up(lock, *std::move(end));
}

}  // namespace instdrv::core
