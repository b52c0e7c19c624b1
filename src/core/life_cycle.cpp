#include "core/life_cycle.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "core/deliver.hpp"

namespace instdrv::core {
namespace {

// Unloaded in all but memory: a thread is still inside one of their handlers. System lock.
std::vector<std::shared_ptr<LoadedModule>>& zombies() {
    static auto& modules =
        *std::make_unique<std::vector<std::shared_ptr<LoadedModule>>>().release();
    return modules;
}

bool is_needed(const LoadedModule& module) {
    return module.users > 0 || is_entered(module, Whose::any);
}

// Unmaps what was waiting for its last handler to return.
void bury_zombies() {
    std::vector<std::unique_ptr<Module>> dead;
    {
        const auto lock = lock_system();
        auto& waiting = zombies();
        std::erase_if(waiting, [&](const auto& module) {
            if (is_needed(*module)) return false;
            dead.push_back(std::move(module->image));
            return true;
        });
    }
}

Error error_of(const OpenRequest& request, ErrorCode code, std::string cause,
               std::string advice = {}) {
    return {.code = code,
            .operation = "open",
            .driver = request.name,
            .cause = std::move(cause),
            .advice = std::move(advice)};
}

Error name_driver(Error error, std::string operation, std::string driver) {
    error.operation = std::move(operation);
    error.driver = std::move(driver);
    return error;
}

Error bad_handle(const char* operation) {
    return {.code = ErrorCode::bad_handle,
            .operation = operation,
            .cause = "the handle is not an open instance, or is being closed"};
}

// DRV_OPEN with the text in the form the driver reads.
Answer deliver_open(Instance& instance, const OpenRequest& request, LPARAM lparam2) {
    instance.data = instance.module->opening(instance.target.hdrvr, request.section);
    instance.target.data = instance.data.get();
    if (request.lparam1) return deliver(instance, DRV_OPEN, *request.lparam1, lparam2);
    if (request.text.empty()) return deliver(instance, DRV_OPEN, 0, lparam2);
    if (!instance.module->is_windows()) {
        const auto* const text = request.text.c_str();
        return deliver(instance, DRV_OPEN, reinterpret_cast<LPARAM>(text), lparam2);
    }
    const std::u16string wide = to_utf16(request.text);
    return deliver(instance, DRV_OPEN, reinterpret_cast<LPARAM>(wide.c_str()), lparam2);
}

Error refused_or_broken(const Answer& answer, const OpenRequest& request, ErrorCode refused,
                        std::string cause) {
    if (answer.broken != nullptr) return name_driver(*answer.broken, "open", request.name);
    return error_of(request, refused, std::move(cause));
}

}  // namespace

LifeCycle::LifeCycle(ModuleLoader& loader) : loader_(loader) { set_leave_handler(&bury_zombies); }

LifeCycle::~LifeCycle() {
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
        if (module->state == ModuleState::ready && module->users == 0) stop_module(lock, module);
    }
}

LifeCycle* LifeCycle::of(HDRVR hdrvr) noexcept {
    const auto lock = lock_system();
    const Instance* const instance = find_instance(hdrvr);
    return instance == nullptr ? nullptr : instance->life_cycle;
}

LifeCycle* LifeCycle::of_this_thread() noexcept {
    const CallRecord* const record = existing_thread_record();
    const Instance* const instance = record == nullptr ? nullptr : record->innermost();
    return instance == nullptr ? nullptr : instance->life_cycle;
}

// ---- opening ------------------------------------------------------------------------------------

Result<HDRVR> LifeCycle::open(const OpenRequest& request) {
    this_thread_record();
    Lock lock = lock_system();
    if (exiting_) return failure(error_of(request, ErrorCode::exiting, "the session is ending"));
    Instance* const instance = allocate_instance();
    if (instance == nullptr) {
        return failure(error_of(request, ErrorCode::out_of_memory, "every handle is in use"));
    }
    instance->life_cycle = this;
    instance->name = request.name;
    auto module = use_module(lock, request, instance->target.hdrvr);
    if (!module) {
        release_instance(*instance);
        return failure(std::move(module.error()));
    }
    instance->loaded = *module;
    instance->module = (*module)->image.get();
    auto opened = finish_open(lock, *instance, request);
    if (!opened) {
        drop_instance(*instance);
        leave_module(lock, *module);
    }
    return opened;
}

Result<HDRVR> LifeCycle::finish_open(Lock& lock, Instance& instance, const OpenRequest& request) {
    lock.unlock();
    const Answer answer = deliver_open(instance, request, request.lparam2);
    lock.lock();
    if (answer.broken != nullptr || answer.value == 0) {
        return failure(refused_or_broken(answer, request, ErrorCode::refused_open,
                                         "the driver refused to open (it answered 0 to DRV_OPEN)"));
    }
    instance.target.driver_id = static_cast<DWORD_PTR>(answer.value);
    if (exiting_) {
        // Too late to be told of the end of the session: taken back.
        instance.state = InstanceState::closing;
        if (instance.loaded->state == ModuleState::ready) {
            lock.unlock();
            deliver(instance, DRV_CLOSE);
            lock.lock();
        }
        return failure(error_of(request, ErrorCode::exiting, "the session is ending"));
    }
    instance.sequence = next_sequence_++;
    open_.emplace(instance.sequence, &instance);
    admit(instance);
    return instance.target.hdrvr;
}

// The module with one more user, for who wants no instance of it.
Result<std::shared_ptr<LoadedModule>> LifeCycle::use_alone(Lock& lock, const OpenRequest& request) {
    if (exiting_) return failure(error_of(request, ErrorCode::exiting, "the session is ending"));
    Instance* const instance = allocate_instance();
    if (instance == nullptr) {
        return failure(error_of(request, ErrorCode::out_of_memory, "every handle is in use"));
    }
    instance->life_cycle = this;
    auto module = use_module(lock, request, instance->target.hdrvr);
    release_instance(*instance);
    return module;
}

Result<ModuleSnapshot> LifeCycle::load(const OpenRequest& request) {
    this_thread_record();
    Lock lock = lock_system();
    const auto module = use_alone(lock, request);
    if (!module) return failure(module.error());
    (*module)->kept = true;
    ModuleSnapshot snapshot{.file = (*module)->file, .kind = std::string((*module)->image->kind())};
    leave_module(lock, *module);
    return snapshot;
}

Result<std::shared_ptr<LifeCycle::Lease>> LifeCycle::lease(const OpenRequest& request) {
    this_thread_record();
    Lock lock = lock_system();
    const auto module = use_alone(lock, request);
    if (!module) return failure(module.error());
    ++(*module)->leases;
    leave_module(lock, *module);
    return std::make_shared<Lease>(*this, *module);
}

LifeCycle::Lease::Lease(LifeCycle& owner, std::shared_ptr<LoadedModule> module) noexcept
    : owner_(owner), module_(std::move(module)) {}

LifeCycle::Lease::~Lease() {
    this_thread_record();
    Lock lock = lock_system();
    --module_->leases;
    if (!is_wanted(*module_) && module_->state == ModuleState::ready) {
        owner_.stop_module(lock, module_);
    }
}

Result<SharedChannel> LifeCycle::Lease::share() const {
    const auto lock = lock_system();
    if (module_->state != ModuleState::ready) {
        return failure(Error{.code = ErrorCode::exiting,
                             .operation = "share a driver",
                             .driver = module_->self.name,
                             .cause = "the session is ending"});
    }
    return module_->image->share();
}

bool LifeCycle::is_wanted(const LoadedModule& module) noexcept {
    return module.users > 0 || module.leases > 0 || module.kept;
}

std::shared_ptr<LoadedModule> LifeCycle::find_module(const std::filesystem::path& file) const {
    const auto found = std::find_if(modules_.begin(), modules_.end(), [&](const auto& module) {
        return module->file == file && !module->superseded;
    });
    return found == modules_.end() ? nullptr : *found;
}

// The module of a file, ready and with one more user. Waits where another thread is loading or
// unloading it.
Result<std::shared_ptr<LoadedModule>> LifeCycle::use_module(Lock& lock, const OpenRequest& request,
                                                            HDRVR hdrvr) {
    for (;;) {
        const auto module = find_module(request.module.file);
        if (module == nullptr) return load_module(lock, request, hdrvr);
        if (module->state == ModuleState::ready) {
            if (request.module.recovery == Recovery::restart && module->image->is_dead()) {
                supersede(lock, module);
                continue;
            }
            ++module->users;
            return module;
        }
        if (!wait_for_change(lock, *module)) {
            return failure(error_of(request, ErrorCode::busy,
                                    "the module is being loaded or unloaded by a call that waits "
                                    "for this one"));
        }
    }
}

// A dead module makes room for its file to be loaded anew; it goes with its last instance.
void LifeCycle::supersede(Lock& lock, const std::shared_ptr<LoadedModule>& module) {
    module->superseded = true;
    module->kept = false;
    if (module->users == 0) stop_module(lock, module);
}

Result<std::shared_ptr<LoadedModule>> LifeCycle::load_module(Lock& lock, const OpenRequest& request,
                                                             HDRVR hdrvr) {
    const auto module = std::make_shared<LoadedModule>();
    module->file = request.module.file;
    module->owner = &this_thread_record();
    module->last_handle = hdrvr;
    module->self.life_cycle = this;
    module->self.name = request.name;
    modules_.push_back(module);

    lock.unlock();
    Status started = start_module(*module, request, hdrvr);
    const bool enabled = started.has_value();
    const bool wants_hidden =
        enabled && module->image->is_windows() && request.session_instance && request.lparam2 != 0;
    if (wants_hidden) started = open_hidden(module, request);
    lock.lock();

    if (!started) {
        if (enabled) {
            stop_module(lock, module);
        } else {
            retire(lock, module);
        }
        return failure(std::move(started.error()));
    }
    module->sequence = next_sequence_++;
    module->state = ModuleState::ready;
    module->owner = nullptr;
    module->users = 1;
    notify_system();
    return module;
}

Status LifeCycle::start_module(LoadedModule& module, const OpenRequest& request, HDRVR hdrvr) {
    auto image = loader_.load(request.module);
    if (!image) return failure(std::move(image.error()));
    module.image = std::move(*image);
    const Answer answer = deliver_to_module(module, hdrvr, DRV_LOAD);
    if (answer.broken != nullptr || answer.value == 0) {
        return failure(refused_or_broken(answer, request, ErrorCode::refused_load,
                                         "the driver refused to load (it answered 0 to DRV_LOAD)"));
    }
    // Enabling cannot be refused, but it can break off.
    const Answer enabled = deliver_to_module(module, hdrvr, DRV_ENABLE);
    if (enabled.broken == nullptr) return {};
    Error error = name_driver(*enabled.broken, "open", request.name);
    deliver_to_module(module, hdrvr, DRV_FREE);
    return failure(std::move(error));
}

// The session instance of Windows 95: opened with lParam2 = 0 before the first real one.
Status LifeCycle::open_hidden(const std::shared_ptr<LoadedModule>& module,
                              const OpenRequest& request) {
    Instance* hidden = nullptr;
    {
        const auto lock = lock_system();
        hidden = allocate_instance();
        if (hidden == nullptr) {
            return failure(error_of(request, ErrorCode::out_of_memory, "every handle is in use"));
        }
        hidden->life_cycle = this;
        hidden->hidden = true;
        hidden->name = request.name;
        hidden->module = module->image.get();
        hidden->loaded = module;
    }
    const Answer answer = deliver_open(*hidden, request, 0);
    const auto lock = lock_system();
    if (answer.broken != nullptr || answer.value == 0) {
        release_instance(*hidden);
        return failure(refused_or_broken(
            answer, request, ErrorCode::refused_open,
            "the driver refused the session instance (it answered 0 to DRV_OPEN with lParam2 = 0); "
            "session_instance=no in its configuration section skips it"));
    }
    hidden->target.driver_id = static_cast<DWORD_PTR>(answer.value);
    module->hidden = hidden;
    admit(*hidden);
    return {};
}

// ---- closing ------------------------------------------------------------------------------------

Result<LRESULT> LifeCycle::close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2, CloseMode mode) {
    this_thread_record();
    Lock lock = lock_system();
    Instance* const instance = find_instance(hdrvr);
    if (instance == nullptr || instance->state != InstanceState::open || instance->hidden ||
        instance->life_cycle != this) {
        return failure(bad_handle("close"));
    }
    const auto module = instance->loaded;
    auto answer = close_open(lock, *instance, lparam1, lparam2, mode);
    if (!answer) return answer;
    module->last_handle = hdrvr;
    drop_instance(*instance);
    leave_module(lock, module);
    return answer;
}

// DRV_CLOSE to an open instance. After success it is in state `closing` and still in the table;
// after a failure it is open as before.
Result<LRESULT> LifeCycle::close_open(Lock& lock, Instance& instance, LPARAM lparam1,
                                      LPARAM lparam2, CloseMode mode) {
    instance.state = InstanceState::closing;
    instance.owner = &this_thread_record();
    shut(instance);
    if (!wait_until_left(lock, instance)) {
        admit(instance);
        return failure(
            Error{.code = ErrorCode::busy,
                  .operation = "close",
                  .driver = instance.name,
                  .cause = "another thread is inside the driver and waits for this one"});
    }
    lock.unlock();
    const Answer answer = deliver(instance, DRV_CLOSE, lparam1, lparam2);
    lock.lock();
    const bool closed = answer.broken == nullptr && answer.value != 0;
    if (closed || mode == CloseMode::forced) return answer.value;
    // A dead driver refuses nothing; the system answers in its place.
    if (instance.module->is_dead()) return LRESULT{1};
    admit(instance);
    notify_system();
    if (answer.broken != nullptr) {
        return failure(name_driver(*answer.broken, "close", instance.name));
    }
    return failure(Error{.code = ErrorCode::refused_close,
                         .operation = "close",
                         .driver = instance.name,
                         .cause = "the driver refused (it answered 0 to DRV_CLOSE) and stays open",
                         .advice = "A forced close ends it all the same"});
}

void LifeCycle::drop_instance(Instance& instance) {
    open_.erase(instance.sequence);
    if (instance.admitted.load() != nullptr) shut(instance);
    if (instance.module != nullptr) instance.module->closed(instance.target.hdrvr);
    release_instance(instance);
}

// One user less; the last one stops the module.
void LifeCycle::leave_module(Lock& lock, const std::shared_ptr<LoadedModule>& module) {
    --module->users;
    notify_system();
    if (!is_wanted(*module) && module->state == ModuleState::ready) {
        stop_module(lock, module);
    } else if (module->users == 0 && module->state == ModuleState::retired) {
        lock.unlock();
        bury_zombies();
        lock.lock();
    }
}

Answer LifeCycle::close_hidden(Lock& lock, LoadedModule& module) {
    Instance* const hidden = std::exchange(module.hidden, nullptr);
    if (hidden == nullptr) return {};
    hidden->state = InstanceState::closing;
    hidden->owner = &this_thread_record();
    shut(*hidden);
    lock.unlock();
    const Answer answer = deliver(*hidden, DRV_CLOSE);
    lock.lock();
    hidden->module->closed(hidden->target.hdrvr);
    release_instance(*hidden);
    return answer;
}

void LifeCycle::stop_module(Lock& lock, const std::shared_ptr<LoadedModule>& module) {
    module->state = ModuleState::unloading;
    module->owner = &this_thread_record();
    close_hidden(lock, *module);
    lock.unlock();
    deliver_to_module(*module, module->last_handle, DRV_DISABLE);
    deliver_to_module(*module, module->last_handle, DRV_FREE);
    lock.lock();
    retire(lock, module);
}

// Takes a module off the list and unloads it, or leaves that to the last handler that returns.
void LifeCycle::retire(Lock& lock, const std::shared_ptr<LoadedModule>& module) {
    if (is_needed(*module)) {
        zombies().push_back(module);
    } else {
        // Unloading runs code of the driver, and may be given up while it does.
        auto image = std::move(module->image);
        lock.unlock();
        image.reset();
        lock.lock();
    }
    std::erase(modules_, module);
    module->state = ModuleState::retired;
    module->owner = nullptr;
    notify_system();
}

}  // namespace instdrv::core
