// How instances and modules end, whoever asks for it: a client, the exit, or the host's own end.
#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>

#include "base/first_failure.hpp"
#include "core/deliver.hpp"
#include "core/life_cycle.hpp"
#include "core/no_memory.hpp"

namespace instdrv::core {
namespace {

bool is_needed(const LoadedModule& module) {
    return module.users > 0 || is_entered(module, Whose::any);
}

// The first of those that threads are still inside of and that have no instance any more: each
// knows the next, since a module may have to linger where there is no memory. System lock.
std::shared_ptr<LoadedModule>& lingering() {
    static auto& first = *std::make_unique<std::shared_ptr<LoadedModule>>().release();
    return first;
}

void let_linger(const std::shared_ptr<LoadedModule>& module) {
    if (std::exchange(module->lingers, true)) return;
    module->next_lingering = std::exchange(lingering(), module);
}

// One that all threads have left by now, which lingers no longer; null: there is none. System lock.
std::shared_ptr<LoadedModule> take_left() {
    auto* link = &lingering();
    while (*link != nullptr && is_needed(**link))
        link = &(*link)->next_lingering;
    auto found = *link;
    if (found == nullptr) return nullptr;
    *link = std::exchange(found->next_lingering, nullptr);
    found->lingers = false;
    return found;
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

// One that was given up is not to hold up whoever comes by here: its own thread is.
void let_go(const std::shared_ptr<LoadedModule>& module) {
    if (!module->given_up) return unload_and_forget(*module);
    try {
        module->thread->post([module] { unload_and_forget(*module); });
    } catch (const std::bad_alloc&) {
        // It stays mapped.
    }
}

// Of a close. Without memory it is less of an error, and holds up no end.
Error error_of(ErrorCode code, const std::string& driver, const char* cause,
               const char* advice = "") noexcept {
    auto error = or_no_memory([&] {
        return Error{
            .code = code, .operation = "close", .driver = driver, .cause = cause, .advice = advice};
    });
    error.code = code;
    return error;
}

// The same of what broke off.
Error error_of(const Error& broken, const std::string& driver,
               const char* operation = "close") noexcept {
    auto error = or_no_memory([&] {
        Error copy = broken;
        copy.operation = operation;
        copy.driver = driver;
        return copy;
    });
    error.code = broken.code;
    return error;
}

Error bad_handle() noexcept {
    return error_of(ErrorCode::bad_handle, {},
                    "the handle is not an open instance, or is being closed");
}

Error refused(const std::string& driver) noexcept {
    return error_of(ErrorCode::refused_close, driver,
                    "the driver refused (it answered 0 to DRV_CLOSE) and stays open",
                    "A forced close ends it all the same");
}

}  // namespace

LifeCycle::LifeCycle(ModuleLoader& loader) : loader_(loader) {
    register_for_barriers();
    set_leave_handler(&LifeCycle::end_what_was_left);
    lingering();  // is made here, where there is memory
}

LifeCycle::~LifeCycle() {
    // Newest first, as the end of a session does it. An instance that cannot be closed, because a
    // thread never returned from it, keeps its module mapped.
    for (std::uint64_t end = next_sequence_; const HDRVR newest = newest_before(end);)
        static_cast<void>(close(newest, 0, 0, CloseMode::forced));
    Lock lock = lock_system();
    // What is ended goes off the list.
    for (auto place = modules_.size(); place-- > 0;) {
        if (place >= modules_.size()) continue;
        const auto module = modules_[place];
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

// The open one before a place in the order of opening, which moves there. Null: there is none.
HDRVR LifeCycle::newest_before(std::uint64_t& place) const {
    const auto lock = lock_system();
    const auto next = open_.lower_bound(place);
    if (next == open_.begin()) return nullptr;
    const auto& [sequence, instance] = *std::prev(next);
    place = sequence;
    return instance->target.hdrvr;
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
    if (!closing.gone) return std::move(closing).answer;
    const auto gate = instance->data == nullptr ? nullptr : instance->data->gate;
    instance->loaded->last_handle = hdrvr;
    Status ended = give_back(lock, *std::move(end));
    lock.unlock();
    if (gate != nullptr) gate->close();
    if (closing.answer && !ended) return failure(std::move(ended).error());
    return std::move(closing).answer;
}

// DRV_CLOSE, once no other thread is inside. Where the instance is gone after it, the caller holds
// the right to give it back.
LifeCycle::Closing LifeCycle::send_close(Lock& lock, InstanceEnd& end, LPARAM lparam1,
                                         LPARAM lparam2, CloseMode mode) {
    Instance& instance = end.instance();
    const auto module = instance.loaded;
    if (wait_until_left(lock, instance) == Waited::circle) {
        Error error = error_of(ErrorCode::busy, instance.name,
                               "another thread is inside the driver and waits for this one");
        end.leave_open();
        return {false, failure(std::move(error))};
    }
    if (module->given_up) {
        return {true, failure(error_of(ErrorCode::exiting, instance.name,
                                       "the session has ended without waiting for it any longer"))};
    }
    const bool was_dead = is_dead(*module->image);
    lock.unlock();
    const Answer answer = deliver(instance, DRV_CLOSE, lparam1, lparam2);
    lock.lock();
    const bool closed = answer.broken == nullptr && answer.value != 0;
    if (closed || mode == CloseMode::forced) return {true, answer.value};
    // A dead driver refuses nothing; the system answers in its place.
    if (was_dead) return {true, LRESULT{1}};
    Error error =
        answer.broken == nullptr ? refused(instance.name) : error_of(*answer.broken, instance.name);
    if (module->given_up || is_dead(*module->image)) return {true, failure(std::move(error))};
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
    module.closed(hidden->target.hdrvr);
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
        keep_first_failure(ended, failure(error_of(*answer.broken, module.self.name)));
    };
    bool was_dead = is_dead(*module.image);
    note(close_hidden(lock, module), was_dead);
    for (const UINT message : {DRV_DISABLE, DRV_FREE}) {
        was_dead = is_dead(*module.image);
        note(send_in_end(lock, end, message), was_dead || module.given_up);
    }
    keep_first_failure(ended, unload(lock, std::move(end)));
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
        const bool was_dead = is_dead(*image);
        lock.unlock();
        unloaded = image->unload();
        if (was_dead) unloaded = {};
        lock.lock();
        module.image.reset();
    }
    retire(lock, std::move(end));
    if (!unloaded) {
        return failure(error_of(unloaded.error(), module.self.name, "unload"));
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
    module->closed(instance.target.hdrvr);
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
    while (const auto module = take_left()) {
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
