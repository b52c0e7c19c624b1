// What a LifeCycle loads and opens.
#include "core/life_cycle.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "core/deliver.hpp"
#include "core/no_memory.hpp"

namespace instdrv::core {
namespace {

// Of a module's thread: what calls into a worker need; and in this process, where the driver's own
// handlers run on it, what Windows gives a thread by default.
constexpr std::size_t stack_of_thread = std::size_t{256} << 10;
constexpr std::size_t stack_of_thread_in_process = std::size_t{1} << 20;

Error error_of(const OpenRequest& request, ErrorCode code, std::string cause,
               std::string advice = {}) {
    return {.code = code,
            .operation = "open",
            .driver = request.name,
            .cause = std::move(cause),
            .advice = std::move(advice)};
}

Error session_ends(const OpenRequest& request) {
    return error_of(request, ErrorCode::exiting, "the session is ending");
}

Error no_handle_left(const OpenRequest& request) {
    return error_of(request, ErrorCode::out_of_memory, "every handle is in use");
}

Error name_driver(Error error, const OpenRequest& request) {
    error.operation = "open";
    error.driver = request.name;
    return error;
}

// DRV_OPEN with the text in the form the driver reads.
Answer deliver_open(Instance& instance, const OpenRequest& request, LPARAM lparam2) {
    const HDRVR hdrvr = instance.target.hdrvr;
    if (const auto& watch = instance.loaded->watch) watch->opening(hdrvr, request.section);
    if (auto* const process = instance.module->process()) {
        instance.data = process->opening(hdrvr, request.section);
        instance.target.data = instance.data.get();
    }
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
    if (answer.broken != nullptr) return name_driver(*answer.broken, request);
    return error_of(request, refused, std::move(cause));
}

Status deliver_open_hidden(Instance& hidden, const OpenRequest& request) {
    hidden.name = request.name;
    const Answer answer = deliver_open(hidden, request, 0);
    hidden.target.driver_id = static_cast<DWORD_PTR>(answer.value);
    if (answer.broken == nullptr && answer.value != 0) return {};
    return failure(refused_or_broken(
        answer, request, ErrorCode::refused_open,
        "the driver refused the session instance (it answered 0 to DRV_OPEN with lParam2 = 0); "
        "session_instance=no in its configuration section skips it"));
}

}  // namespace

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

// ---- instances ----------------------------------------------------------------------------------

Result<HDRVR> LifeCycle::open(const OpenRequest& request) {
    this_thread_record();
    Lock lock = lock_system();
    if (exiting_) return failure(session_ends(request));
    auto opening = InstanceEnd::of_new();
    if (!opening) return failure(no_handle_left(request));
    const Instance& instance = opening->instance();
    auto opened = or_no_memory([&] { return finish_open(lock, *opening, request); });
    if (opened) return opened;
    if (!lock.owns_lock()) lock.lock();
    // Why the module does not end well afterwards matters less than why it was not opened.
    if (instance.loaded == nullptr) {
        opening->give_back();
    } else {
        static_cast<void>(give_back(lock, *std::move(opening)));
    }
    return opened;
}

// A failure, also an exception, leaves the right to give the instance back.
Result<HDRVR> LifeCycle::finish_open(Lock& lock, InstanceEnd& opening, const OpenRequest& request) {
    Instance& instance = opening.instance();
    instance.life_cycle = this;
    instance.name = request.name;
    // Its place in the list: what a driver has opened needs no memory to be open.
    decltype(open_) list;
    auto place = list.extract(list.emplace(0, &instance).first);
    auto module = use_module_before_exit(lock, request, instance.target.hdrvr);
    if (!module) return failure(std::move(module.error()));
    instance.loaded = *module;
    instance.receiver = &(*module)->receiver();
    instance.module = (*module)->image.get();
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
        opening.close_again();
        static_cast<void>(send_close(lock, opening, 0, 0, CloseMode::forced));
        return failure(session_ends(request));
    }
    instance.sequence = next_sequence_++;
    place.key() = instance.sequence;
    open_.insert(std::move(place));
    const HDRVR handle = instance.target.hdrvr;
    opening.leave_open();
    return handle;
}

// ---- modules without an instance ----------------------------------------------------------------

// The module with one more user, for who wants no instance of it.
Result<std::shared_ptr<LoadedModule>> LifeCycle::use_alone(Lock& lock, const OpenRequest& request) {
    if (exiting_) return failure(session_ends(request));
    auto handle = InstanceEnd::of_new();
    if (!handle) return failure(no_handle_left(request));
    handle->instance().life_cycle = this;
    auto module = or_no_memory(
        [&] { return use_module_before_exit(lock, request, handle->instance().target.hdrvr); });
    if (!lock.owns_lock()) lock.lock();
    handle->give_back();
    return module;
}

Result<ModuleSnapshot> LifeCycle::load(const OpenRequest& request) {
    this_thread_record();
    Lock lock = lock_system();
    const auto module = use_alone(lock, request);
    if (!module) return failure(module.error());
    (*module)->kept = true;
    static_cast<void>(leave_module(lock, *module));  // it stays
    return ModuleSnapshot{.file = (*module)->file, .kind = std::string((*module)->image->kind())};
}

Result<std::shared_ptr<LifeCycle::Lease>> LifeCycle::lease(const OpenRequest& request) {
    this_thread_record();
    Lock lock = lock_system();
    const auto module = use_alone(lock, request);
    if (!module) return failure(module.error());
    auto lease = or_no_memory([&]() -> Result<std::shared_ptr<Lease>> {
        return std::make_shared<Lease>(*this, *module);
    });
    if (lease) ++(*module)->leases;
    static_cast<void>(leave_module(lock, *module));  // a lease keeps it
    return lease;
}

LifeCycle::Lease::Lease(LifeCycle& owner, std::shared_ptr<LoadedModule> module) noexcept
    : owner_(owner), module_(std::move(module)) {}

LifeCycle::Lease::~Lease() {
    this_thread_record();
    Lock lock = lock_system();
    --module_->leases;
    // Nobody is there to be told how its driver ended.
    static_cast<void>(owner_.end_if_unwanted(lock, module_));
}

Result<SharedChannel> LifeCycle::Lease::share() const {
    std::shared_ptr<Module> image;
    {
        const auto lock = lock_system();
        if (module_->state == ModuleState::ready) image = module_->image;
    }
    if (image == nullptr) {
        return failure(Error{.code = ErrorCode::exiting,
                             .operation = "share a driver",
                             .driver = module_->self.name,
                             .cause = "the session is ending"});
    }
    if (auto* const process = image->process()) return process->share();
    return failure(Error{.code = ErrorCode::unsupported,
                         .operation = "share a driver",
                         .cause = "it runs in no worker, so no other process can reach it",
                         .advice = "Give it placement=worker in the configuration"});
}

// ---- loading ------------------------------------------------------------------------------------

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
        if (exiting_) return failure(session_ends(request));
        const auto module = find_module(request.module.file);
        if (module == nullptr) return load_module(lock, request, hdrvr);
        if (module->state == ModuleState::ready) {
            if (request.module.recovery == Recovery::restart && is_dead(*module->image)) {
                supersede(lock, module);
                continue;
            }
            ++module->users;
            return module;
        }
        if (wait_for_change(lock, *module) == Waited::circle) {
            return failure(error_of(request, ErrorCode::busy,
                                    "the module is being loaded or unloaded by a call that waits "
                                    "for this one"));
        }
    }
}

// The same; where the exit has begun during the load, the module is left again.
Result<std::shared_ptr<LoadedModule>> LifeCycle::use_module_before_exit(Lock& lock,
                                                                        const OpenRequest& request,
                                                                        HDRVR hdrvr) {
    auto module = use_module(lock, request, hdrvr);
    if (!module || !exiting_) return module;
    static_cast<void>(leave_module(lock, *module));  // the exit tells how it ended
    return failure(session_ends(request));
}

// A dead module makes room for its file to be loaded anew; it goes with its last instance.
void LifeCycle::supersede(Lock& lock, const std::shared_ptr<LoadedModule>& module) {
    module->superseded = true;
    module->kept = false;
    static_cast<void>(end_if_unwanted(lock, module));  // it is dead, which was told
}

Result<std::shared_ptr<LoadedModule>> LifeCycle::load_module(Lock& lock, const OpenRequest& request,
                                                             HDRVR hdrvr) {
    const bool in_process = request.module.placement == Placement::in_process;
    auto thread = WorkThread::start("instdrv-module",
                                    in_process ? stack_of_thread_in_process : stack_of_thread);
    if (!thread) return failure(name_driver(std::move(thread.error()), request));
    const auto module = std::make_shared<LoadedModule>();
    module->thread = std::move(*thread);
    module->file = request.module.file;
    module->owner = &this_thread_record();
    module->last_handle = hdrvr;
    module->self.life_cycle = this;
    module->self.name = request.name;
    modules_.push_back(module);

    lock.unlock();
    Status started = or_no_memory([&] { return start_module(*module, request, hdrvr); });
    const bool enabled = started.has_value();
    const bool wants_hidden =
        enabled && module->image->is_windows() && request.session_instance && request.lparam2 != 0;
    if (wants_hidden) started = or_no_memory([&] { return open_hidden(module, request); });
    lock.lock();

    if (started && module->given_up) {
        started = or_no_memory([&]() -> Status { return failure(session_ends(request)); });
    }
    if (!started) {
        auto end = *ModuleEnd::begin(*module);
        // Why it does not end well either matters less.
        static_cast<void>(enabled ? end_module(lock, std::move(end))
                                  : unload(lock, std::move(end)));
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
    auto image = loader_.load(request.module, module.under_way);
    if (!image) return failure(std::move(image.error()));
    auto watch = loader_.watch(**image, request.module);
    {
        const auto lock = lock_system();
        module.image = std::move(*image);
        module.watch = std::move(watch);
        if (module.given_up) return failure(session_ends(request));
    }
    const Answer answer = deliver_to_module(module, hdrvr, DRV_LOAD);
    if (answer.broken != nullptr || answer.value == 0) {
        return failure(refused_or_broken(answer, request, ErrorCode::refused_load,
                                         "the driver refused to load (it answered 0 to DRV_LOAD)"));
    }
    // Enabling cannot be refused, but it can break off.
    const Answer enabled = deliver_to_module(module, hdrvr, DRV_ENABLE);
    if (enabled.broken == nullptr) return {};
    Error error = name_driver(*enabled.broken, request);
    deliver_to_module(module, hdrvr, DRV_FREE);
    return failure(std::move(error));
}

// The session instance of Windows 95: opened with lParam2 = 0 before the first real one.
Status LifeCycle::open_hidden(const std::shared_ptr<LoadedModule>& module,
                              const OpenRequest& request) {
    Lock lock = lock_system();
    auto opening = InstanceEnd::of_new();
    if (!opening) return failure(no_handle_left(request));
    Instance& hidden = opening->instance();
    hidden.life_cycle = this;
    hidden.hidden = true;
    hidden.receiver = &module->receiver();
    hidden.module = module->image.get();
    hidden.loaded = module;
    lock.unlock();
    Status opened = or_no_memory([&] { return deliver_open_hidden(hidden, request); });
    if (!opened) module->closed(hidden.target.hdrvr);
    lock.lock();
    if (!opened) {
        opening->give_back();
        return opened;
    }
    module->hidden = &hidden;
    opening->leave_open();
    return {};
}

}  // namespace instdrv::core
