// How instances and modules end, whoever asks for it: a client, the exit, or the host's own end.
#include <algorithm>
#include <new>
#include <utility>

#include "base/keep_first.hpp"
#include "core/deliver.hpp"
#include "core/life_cycle.hpp"

namespace instdrv::core {
namespace {

bool is_needed(const LoadedModule& module) {
    return module.users > 0 || is_entered(module, Whose::any);
}

// What threads are still inside of that has no instance any more. System lock.
std::vector<std::shared_ptr<LoadedModule>>& lingering() {
    static auto& modules =
        *std::make_unique<std::vector<std::shared_ptr<LoadedModule>>>().release();
    return modules;
}

void let_linger(const std::shared_ptr<LoadedModule>& module) {
    auto& modules = lingering();
    if (std::find(modules.begin(), modules.end(), module) == modules.end())
        modules.push_back(module);
}

// Of one that is retired and left by all. No lock.
void unload_and_forget(LoadedModule& module) {
    std::shared_ptr<Module> image;
    {
        const auto lock = lock_system();
        image = std::move(module.image);
    }
    // Nobody is left who asked for it and could be told how it went.
    if (image != nullptr) static_cast<void>(image->unload());
}

// One that was given up is not to hold up whoever comes by here: its own lane is.
void let_go(const std::shared_ptr<LoadedModule>& module) {
    if (!module->given_up) return unload_and_forget(*module);
    try {
        module->lane->post([module] { unload_and_forget(*module); });
    } catch (const std::bad_alloc&) {
        // It stays mapped.
    }
}

Error describe(Error error, const char* operation, const std::string& driver) {
    error.operation = operation;
    error.driver = driver;
    return error;
}

Error bad_handle() {
    return {.code = ErrorCode::bad_handle,
            .operation = "close",
            .cause = "the handle is not an open instance, or is being closed"};
}

Error circle(const std::string& driver) {
    return {.code = ErrorCode::busy,
            .operation = "close",
            .driver = driver,
            .cause = "another thread is inside the driver and waits for this one"};
}

Error refused(const std::string& driver) {
    return {.code = ErrorCode::refused_close,
            .operation = "close",
            .driver = driver,
            .cause = "the driver refused (it answered 0 to DRV_CLOSE) and stays open",
            .advice = "A forced close ends it all the same"};
}

Error given_up(const std::string& driver) {
    return {.code = ErrorCode::exiting,
            .operation = "close",
            .driver = driver,
            .cause = "the session has ended without waiting for it any longer"};
}

}  // namespace

LifeCycle::LifeCycle(ModuleLoader& loader) : loader_(loader) {
    set_leave_handler(&LifeCycle::end_what_was_left);
}

LifeCycle::~LifeCycle() {
    this_thread_record();
    std::vector<HDRVR> left;
    {
        const auto lock = lock_system();
        for (const auto& [sequence, instance] : open_)
            left.push_back(instance->target.hdrvr);
    }
    // Newest first, as the end of a session does it. An instance that cannot be closed, because a
    // thread never returned from it, keeps its module mapped.
    for (auto handle = left.rbegin(); handle != left.rend(); ++handle) {
        static_cast<void>(close(*handle, 0, 0, CloseMode::forced));
    }
    Lock lock = lock_system();
    for (const Modules kept = modules_; const auto& module : kept) {
        module->kept = false;
        if (auto end = std::exchange(module->waiting_end, std::nullopt)) {
            // Of an exit that was broken off, or a thread that is still inside.
            give_back_instances(lock, *end);
            if (is_needed(*module)) {
                retire(lock, *std::move(end));
            } else {
                static_cast<void>(unload(lock, *std::move(end)));
            }
        } else {
            static_cast<void>(end_if_unwanted(lock, module));
        }
    }
}

// ---- instances ----------------------------------------------------------------------------------

Result<LRESULT> LifeCycle::close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2, CloseMode mode) {
    this_thread_record();
    Lock lock = lock_system();
    Instance* const instance = find_instance(hdrvr);
    if (instance == nullptr || instance->hidden || instance->life_cycle != this) {
        return failure(bad_handle());
    }
    auto end = InstanceEnd::begin(*instance);
    if (!end) return failure(bad_handle());
    auto closing = send_close(lock, *end, lparam1, lparam2, mode);
    if (!closing.gone) return closing.answer;
    instance->loaded->last_handle = hdrvr;
    const Status ended = give_back(lock, *std::move(end));
    if (closing.answer && !ended) return failure(ended.error());
    return closing.answer;
}

// DRV_CLOSE, once no other thread is inside. Where the instance is gone after it, the caller holds
// the right to give it back.
LifeCycle::Closing LifeCycle::send_close(Lock& lock, InstanceEnd& end, LPARAM lparam1,
                                         LPARAM lparam2, CloseMode mode) {
    Instance& instance = end.instance();
    const auto module = instance.loaded;
    if (wait_until_left(lock, instance) == Waited::circle) {
        Error error = circle(instance.name);
        end.leave_open();
        return {false, failure(std::move(error))};
    }
    if (module->given_up) return {true, failure(given_up(instance.name))};
    const bool was_dead = module->image->is_dead();
    lock.unlock();
    const Answer answer = deliver(instance, DRV_CLOSE, lparam1, lparam2);
    lock.lock();
    const bool closed = answer.broken == nullptr && answer.value != 0;
    if (closed || mode == CloseMode::forced) return {true, answer.value};
    // A dead driver refuses nothing; the system answers in its place.
    if (was_dead) return {true, LRESULT{1}};
    Error error = answer.broken == nullptr ? refused(instance.name)
                                           : describe(*answer.broken, "close", instance.name);
    if (module->given_up || module->image->is_dead()) return {true, failure(std::move(error))};
    end.leave_open();
    return {false, failure(std::move(error))};
}

// The instance is gone; what its module says to that where it was the last.
Status LifeCycle::give_back(Lock& lock, InstanceEnd end) {
    const auto module = end.instance().loaded;
    give_back_shut(lock, std::move(end));
    return after_leaving(lock, module);
}

Answer LifeCycle::close_hidden(Lock& lock, LoadedModule& module) {
    Instance* const hidden = std::exchange(module.hidden, nullptr);
    auto end = hidden == nullptr ? std::nullopt : InstanceEnd::begin(*hidden);
    if (!end) return {};
    static_cast<void>(wait_until_left(lock, *hidden));
    const bool tell = !module.given_up;
    lock.unlock();
    const Answer answer = tell ? deliver(*hidden, DRV_CLOSE) : Answer{};
    module.image->closed(hidden->target.hdrvr);
    lock.lock();
    end->give_back();
    return answer;
}

// ---- modules ------------------------------------------------------------------------------------

// One user less.
Status LifeCycle::leave_module(Lock& lock, const std::shared_ptr<LoadedModule>& module) {
    --module->users;
    notify_system();
    return after_leaving(lock, module);
}

Status LifeCycle::after_leaving(Lock& lock, const std::shared_ptr<LoadedModule>& module) {
    if (module->state == ModuleState::retired && module->users == 0) {
        lock.unlock();
        end_what_was_left();
        lock.lock();
        return {};
    }
    return end_if_unwanted(lock, module);
}

Status LifeCycle::end_if_unwanted(Lock& lock, const std::shared_ptr<LoadedModule>& module) {
    const bool wanted = module->users > 0 || module->leases > 0 || module->kept;
    if (wanted || module->state != ModuleState::ready) return {};
    return end_module(lock, *ModuleEnd::begin(*module));
}

Status LifeCycle::end_module(Lock& lock, ModuleEnd end) {
    auto& module = end.module();
    Status ended;
    const auto note = [&](const Answer& answer, bool was_dead) {
        if (answer.broken == nullptr || was_dead) return;
        keep_first(ended, failure(describe(*answer.broken, "close", module.self.name)));
    };
    const auto is_dead = [&] { return module.image->is_dead(); };
    bool was_dead = is_dead();
    note(close_hidden(lock, module), was_dead);
    for (const UINT message : {DRV_DISABLE, DRV_FREE}) {
        was_dead = is_dead();
        note(send_in_end(lock, end, message), was_dead || module.given_up);
    }
    keep_first(ended, unload(lock, std::move(end)));
    return ended;
}

Answer LifeCycle::send_in_end(Lock& lock, const ModuleEnd& end, UINT message) {
    auto& module = end.module();
    if (module.given_up) return gone();
    lock.unlock();
    const Answer answer = deliver_to_module(module, module.last_handle, message);
    lock.lock();
    return answer;
}

// The last step of every end. Where a thread is still inside, that thread unloads it as it leaves;
// the file may be loaded anew meanwhile.
Status LifeCycle::unload(Lock& lock, ModuleEnd end) {
    const auto held = module_of(end);
    auto& module = *held;
    give_back_instances(lock, end);
    if (!module.given_up && is_needed(module)) {
        let_linger(held);
        module.superseded = true;
        module.owner = nullptr;
        module.waiting_end.emplace(std::move(end));
        return {};
    }
    Status unloaded;
    if (!module.given_up && module.image != nullptr) {
        const auto image = module.image;
        const bool was_dead = image->is_dead();
        lock.unlock();
        unloaded = image->unload();
        if (was_dead) unloaded = {};
        lock.lock();
        module.image.reset();
    }
    retire(lock, std::move(end));
    if (!unloaded) {
        return failure(describe(std::move(unloaded.error()), "unload", module.self.name));
    }
    return {};
}

void LifeCycle::give_back_given_up(Lock& lock, ModuleEnd end) {
    give_back_instances(lock, end);
    retire(lock, std::move(end));
}

void LifeCycle::give_back_instances(Lock& lock, ModuleEnd& end) {
    for (auto& one : end.instances)
        give_back_shut(lock, std::move(one));
    end.instances.clear();
    // Takes no memory: there may be none when a module is given up.
    while (auto one = shut_next_open(end.module()))
        give_back_shut(lock, *std::move(one));
}

// The instance is gone; its module's end is somebody's.
void LifeCycle::give_back_shut(Lock& lock, InstanceEnd end) {
    Instance& instance = end.instance();
    const auto module = instance.loaded;
    open_.erase(instance.sequence);
    lock.unlock();
    module->image->closed(instance.target.hdrvr);
    lock.lock();
    const bool counted = !instance.hidden;
    end.give_back();
    if (counted) --module->users;
    notify_system();
}

std::shared_ptr<LoadedModule> LifeCycle::module_of(const ModuleEnd& end) const {
    return *std::find_if(modules_.begin(), modules_.end(),
                         [&](const auto& one) { return one.get() == &end.module(); });
}

// Takes a module off the list. Its memory goes now, or with the last handler that returns.
void LifeCycle::retire(Lock& lock, ModuleEnd end) {
    const auto module = module_of(end);
    std::erase(modules_, module);
    end.give_back();
    if (module->image == nullptr) return;
    if (is_needed(*module)) return let_linger(module);
    lock.unlock();
    let_go(module);
    lock.lock();
}

// What was waiting for its last handler to return goes on to its end, on the thread that left.
// Takes no memory: a thread may leave where there is none.
void LifeCycle::end_what_was_left() {
    Lock lock = lock_system();
    auto& waiting = lingering();
    const auto left = [](const auto& module) { return !is_needed(*module); };
    for (auto found = std::find_if(waiting.begin(), waiting.end(), left); found != waiting.end();
         found = std::find_if(waiting.begin(), waiting.end(), left)) {
        const auto module = std::move(*found);
        waiting.erase(found);
        if (auto end = std::exchange(module->waiting_end, std::nullopt)) {
            end->take_over();
            // Whoever closed it has gone on.
            static_cast<void>(module->self.life_cycle->unload(lock, *std::move(end)));
        } else if (module->state == ModuleState::retired) {
            lock.unlock();
            let_go(module);
            lock.lock();
        }
    }
}

// The hidden one, or the oldest that is open.
std::optional<InstanceEnd> LifeCycle::shut_next_open(LoadedModule& module) {
    if (Instance* const hidden = std::exchange(module.hidden, nullptr)) {
        if (auto end = InstanceEnd::begin(*hidden)) return end;
    }
    for (const auto& [sequence, instance] : open_) {
        if (instance->loaded.get() != &module) continue;
        if (auto end = InstanceEnd::begin(*instance)) return end;
    }
    return std::nullopt;
}

}  // namespace instdrv::core
