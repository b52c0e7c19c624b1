#include <instdrv/host.hpp>

#include <atomic>
#include <utility>

#include "core/no_memory.hpp"
#include "host/confined_system.hpp"
#include "host/impl.hpp"
#include "host/local_source.hpp"
#include "messages/catalog.hpp"
#include "supervisor/client.hpp"
#include "supervisor/deadlines.hpp"

namespace instdrv {
namespace {

InstanceInfo public_info(core::InstanceSnapshot snapshot) {
    return {.handle = snapshot.handle,
            .module = snapshot.module,
            .driver_id = snapshot.driver_id,
            .name = std::move(snapshot.name),
            .file = snapshot.file.string(),
            .kind = std::move(snapshot.kind),
            .placement = snapshot.placement,
            .dead = snapshot.dead};
}

std::string opened_name(HDRVR hdrvr) {
    auto* const life_cycle = core::LifeCycle::of(hdrvr);
    if (life_cycle == nullptr) return {};
    auto snapshot = life_cycle->snapshot(hdrvr);
    return snapshot ? std::move(snapshot->name) : std::string();
}

Result<LRESULT> result_of(const core::Answer& answer, HDRVR hdrvr, UINT message) {
    if (answer.broken == nullptr) return answer.value;
    return core::or_no_memory([&]() -> Result<LRESULT> {
        Error error = *answer.broken;
        error.operation = "send " + messages::describe(message) + " to";
        if (error.driver.empty()) error.driver = opened_name(hdrvr);
        return failure(std::move(error));
    });
}

Error has_enough(const core::Asker& asker, std::string_view name) {
    return {.code = ErrorCode::busy,
            .operation = "open " + std::string(name) + " for",
            .driver = asker.name,
            .cause = "it has as many instances of others open as it may",
            .advice = "most_opened= in its section of the configuration allows more"};
}

Error no_instance(const char* operation) {
    return {.code = ErrorCode::bad_handle,
            .operation = operation,
            .cause = "this Driver holds no instance"};
}

}  // namespace

core::Answer send_as_client(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) noexcept {
    if (messages::reserved_for_system(message)) [[unlikely]] {
        static const Error error{.code = ErrorCode::reserved_message,
                                 .operation = "send",
                                 .cause = "only the system sends this message"};
        return {0, &error};
    }
    return core::send(hdrvr, message, lparam1, lparam2);
}

// ---- Impl ---------------------------------------------------------------------------------------

Host::Impl::Impl(const SourceMaker& make_source, supervisor::Requests::FindSystem confined_system)
    : source_(make_source(*this, std::move(confined_system))),
      life_cycle_(source_->loader(), *this) {}

std::shared_ptr<Host::Impl> Host::Impl::make(const SourceMaker& make_source) {
    // Known to the workers' requests, which may outlast the host.
    const auto self = std::make_shared<std::weak_ptr<Impl>>();
    std::shared_ptr<Impl> host(new Impl(
        make_source, [self](const core::Asker& asker) -> std::shared_ptr<core::DriverSystem> {
            auto found = self->lock();
            if (found == nullptr) return nullptr;
            return std::make_shared<ConfinedSystem>(std::move(found), asker);
        }));
    *self = host;
    return host;
}

std::shared_ptr<Host::Impl> Host::Impl::make(HostOptions options) {
    return make([&](core::DriverSystem& system, supervisor::Requests::FindSystem confined_system) {
        return std::make_unique<LocalSource>(std::move(options), system,
                                             std::move(confined_system));
    });
}

Status Host::Impl::prepare_for_exit() {
    constexpr std::size_t stack = std::size_t{256} << 10;
    const std::lock_guard lock(prepare_mutex_);
    if (observers_ != nullptr) return {};
    auto thread = WorkThread::start("instdrv-exit", stack);
    if (!thread) return failure(std::move(thread.error()));
    observers_ = *std::move(thread);
    return {};
}

std::shared_ptr<WorkThread> Host::Impl::observers() {
    const std::lock_guard lock(prepare_mutex_);
    return observers_;
}

Result<core::OpenRequest> DriverSource::resolve_for(const core::Asker& asker, std::string_view name,
                                                    std::string_view) {
    return failure(Error{.code = ErrorCode::unsupported,
                         .operation = "open " + std::string(name) + " for",
                         .driver = asker.name,
                         .cause = "drivers ask the process that started them for others"});
}

Result<core::OpenRequest> Host::Impl::resolve(std::string_view name, std::string_view section) {
    auto request = source_->resolve(name, section);
    if (!request) return request;
    if (Status prepared = prepare_for_exit(); !prepared) {
        prepared.error().driver = request->name;
        return failure(std::move(prepared.error()));
    }
    return request;
}

Result<HDRVR> Host::Impl::open_driver(std::string_view name, std::string_view section,
                                      LPARAM lparam2) {
    return core::or_no_memory(
        [&]() -> Result<HDRVR> { return open_resolved(resolve(name, section), lparam2); });
}

Result<HDRVR> Host::Impl::open_for(const core::Asker& asker, std::string_view name,
                                   std::string_view section, LPARAM lparam2) {
    auto opened = core::or_no_memory([&]() -> Result<HDRVR> {
        const auto is_open = [&](HDRVR hdrvr) { return life_cycle_.snapshot(hdrvr).has_value(); };
        if (!asker.opened->reserve(asker.rights.most_opened, is_open)) {
            return failure(has_enough(asker, name));
        }
        auto result = core::or_no_memory(
            [&] { return open_resolved(source_->resolve_for(asker, name, section), lparam2); });
        asker.opened->settle(result.value_or(nullptr));
        return result;
    });
    if (!opened) source_->refused(asker, opened.error());
    return opened;
}

Result<HDRVR> Host::Impl::open_resolved(Result<core::OpenRequest> request, LPARAM lparam2) {
    if (!request) return failure(std::move(request).error());
    if (Status prepared = prepare_for_exit(); !prepared) {
        prepared.error().driver = request->name;
        return failure(std::move(prepared).error());
    }
    request->lparam2 = lparam2;
    return life_cycle_.open(*request);
}

Result<std::shared_ptr<SharedDriver>> Host::Impl::share(std::string_view name,
                                                        std::string_view section) {
    auto request = resolve(name, section);
    if (!request) return failure(std::move(request.error()));
    auto lease = life_cycle_.lease(*request);
    if (!lease) return failure(std::move(lease.error()));
    auto channel = (*lease)->share();
    if (!channel) {
        channel.error().driver = request->name;
        return failure(std::move(channel.error()));
    }
    return std::make_shared<SharedDriver>(SharedDriver{.host = shared_from_this(),
                                                       .request = *std::move(request),
                                                       .lease = *std::move(lease),
                                                       .channel = *std::move(channel)});
}

Result<SharedInstance> Host::Impl::open_shared(const SharedDriver& driver, LPARAM lparam1,
                                               LPARAM lparam2) {
    // The parameters are addresses of the driver's; here they mean nothing.
    const supervisor::Client carried{.memory = supervisor::this_process().memory,
                                     .pointer_size = sizeof(void*),
                                     .worker = 0,
                                     .carried = true,
                                     .channel = driver.channel.name};
    const supervisor::ClientScope scope(carried);
    auto request = driver.request;
    request.lparam1 = lparam1;
    request.lparam2 = lparam2;
    const auto opened = life_cycle_.open(request);
    if (!opened) return failure(opened.error());
    const auto snapshot = life_cycle_.snapshot(*opened);
    if (!snapshot) return failure(snapshot.error());
    return SharedInstance{
        .handle = *opened, .name = life_cycle_.name_of(*opened), .driver_id = snapshot->driver_id};
}

Result<core::ModuleSnapshot> Host::Impl::load_driver(std::string_view name,
                                                     std::string_view section) {
    return core::or_no_memory([&]() -> Result<core::ModuleSnapshot> {
        auto request = resolve(name, section);
        if (!request) return failure(std::move(request.error()));
        return life_cycle_.load(*request);
    });
}

bool Host::Impl::callback(const core::CallbackRequest& request) {
    return core::driver_callback(request, &core::call_native_callback);
}

Result<LRESULT> Host::Impl::end_application(HDRVR hdrvr, bool normally) {
    // Its answer means nothing, and where the call broke off, the close says why.
    core::send(hdrvr, DRV_EXITAPPLICATION, normally ? DRVEA_NORMALEXIT : DRVEA_ABNORMALEXIT, 0);
    return life_cycle_.close(hdrvr, 0, 0, core::CloseMode::forced);
}

HDRVR Host::Impl::open(std::string_view name, std::string_view section, LPARAM lparam2) {
    return open_driver(name, section, lparam2).value_or(nullptr);
}

LRESULT Host::Impl::close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) {
    return life_cycle_.close(hdrvr, lparam1, lparam2, core::CloseMode::ask).value_or(0);
}

LRESULT Host::Impl::send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) {
    const auto answer = send_as_client(hdrvr, message, lparam1, lparam2);
    return answer.broken == nullptr ? answer.value : 0;
}

HMODULE Host::Impl::module_handle(HDRVR hdrvr) {
    const auto snapshot = life_cycle_.snapshot(hdrvr);
    return snapshot ? snapshot->module : nullptr;
}

Host::Impl* Host::Impl::owner_of(core::LifeCycle* life_cycle) noexcept {
    return life_cycle == nullptr ? nullptr : &static_cast<OwnedLifeCycle*>(life_cycle)->owner();
}

Host::Impl* Host::Impl::of_this_thread() noexcept {
    return owner_of(core::LifeCycle::of_this_thread());
}

Host::Impl* Host::Impl::of(HDRVR hdrvr) noexcept { return owner_of(core::LifeCycle::of(hdrvr)); }

// ---- Host ---------------------------------------------------------------------------------------

Host::Host(HostOptions options) : impl_(Impl::make(std::move(options))) {}

Host::Host(std::shared_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

Host::~Host() = default;

namespace {

// That takes the place of the default one.
constinit std::atomic<Host*> chosen{nullptr};

}  // namespace

Host* choose_default_host(Host* host) noexcept { return chosen.exchange(host); }

Host& Host::default_host() {
    if (Host* const host = chosen.load()) return *host;
    static Host& own =
        *std::make_unique<Host>(HostOptions{.placement = Placement::in_process}).release();
    return own;
}

Result<Driver> Host::open(std::string_view name, const OpenOptions& options) {
    return impl_->open_driver(name, options.section, options.lparam2).map([this](HDRVR handle) {
        return Driver(*this, handle);
    });
}

Status Host::load(std::string_view name, const OpenOptions& options) {
    const auto loaded = impl_->load_driver(name, options.section);
    if (!loaded) return failure(loaded.error());
    return {};
}

Result<LRESULT> Host::send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) {
    return result_of(send_as_client(hdrvr, message, lparam1, lparam2), hdrvr, message);
}

Result<LRESULT> Host::close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) {
    return impl_->life_cycle().close(hdrvr, lparam1, lparam2, core::CloseMode::ask);
}

Result<LRESULT> Host::close_forced(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) {
    return impl_->life_cycle().close(hdrvr, lparam1, lparam2, core::CloseMode::forced);
}

Result<InstanceInfo> Host::info(HDRVR hdrvr) const {
    return impl_->life_cycle().snapshot(hdrvr).map(public_info);
}

std::vector<InstanceInfo> Host::instances() const {
    std::vector<InstanceInfo> out;
    for (auto& snapshot : impl_->life_cycle().instances()) {
        out.push_back(public_info(std::move(snapshot)));
    }
    return out;
}

HDRVR Host::next(HDRVR hdrvr, DWORD flags) const { return impl_->life_cycle().next(hdrvr, flags); }

Status Host::set_configuration(const std::filesystem::path& file) {
    return impl_->source().read_configuration(file);
}

ExitPlan Host::plan_exit(const ExitOptions& options) const {
    return core::plan_of(impl_->life_cycle().exit_snapshot(false).world, options);
}

Result<ExitReport> Host::exit_session(const ExitOptions& options, const ExitObserver& observer) {
    return impl_->exit_session(options, observer);
}

Result<RoundReport> Host::broadcast_power(PowerEvent event, std::chrono::milliseconds budget) {
    return impl_->run_round(
        {.message = DRV_POWER, .lparam1 = static_cast<LPARAM>(event), .budget = budget});
}

Result<RoundReport> Host::rehearse_exit(std::chrono::milliseconds budget) {
    return impl_->run_round({.message = DRV_QUERYCONFIGURE, .budget = budget});
}

Result<LRESULT> Host::end_application(HDRVR hdrvr, bool normally) {
    return impl_->end_application(hdrvr, normally);
}

// ---- Driver -------------------------------------------------------------------------------------

Driver::Driver(Driver&& other) noexcept
    : host_(other.host_), handle_(std::exchange(other.handle_, nullptr)) {}

Driver& Driver::operator=(Driver&& other) noexcept {
    std::swap(host_, other.host_);
    std::swap(handle_, other.handle_);
    return *this;
}

Driver::~Driver() {
    if (handle_ != nullptr) static_cast<void>(close_forced());
}

Result<LRESULT> Driver::send(UINT message, LPARAM lparam1, LPARAM lparam2) const {
    return result_of(send_as_client(handle_, message, lparam1, lparam2), handle_, message);
}

Result<LRESULT> Driver::send_within(std::chrono::milliseconds deadline, UINT message,
                                    LPARAM lparam1, LPARAM lparam2) const {
    const supervisor::DeadlineScope scope(deadline);
    return send(message, lparam1, lparam2);
}

Result<DWORD_PTR> Driver::expose(DWORD type, DWORD_PTR callback) const {
    if (handle_ == nullptr) return failure(no_instance("offer a callback"));
    return host_->impl().life_cycle().expose(handle_, type, callback);
}

Result<std::shared_ptr<std::byte>> Driver::take_buffer(std::size_t size) const {
    if (handle_ == nullptr) return failure(no_instance("take a buffer"));
    return host_->impl().life_cycle().take_buffer(handle_, size);
}

Result<LRESULT> Driver::close(LPARAM lparam1, LPARAM lparam2) {
    if (handle_ == nullptr) return failure(no_instance("close"));
    auto answer = host_->close(handle_, lparam1, lparam2);
    // A refusal or a wait that could never end leaves it open; anything else means it is gone.
    if (answer || answer.error().code == ErrorCode::bad_handle) handle_ = nullptr;
    return answer;
}

Result<LRESULT> Driver::close_forced(LPARAM lparam1, LPARAM lparam2) {
    if (handle_ == nullptr) return close();
    return host_->close_forced(std::exchange(handle_, nullptr), lparam1, lparam2);
}

}  // namespace instdrv
