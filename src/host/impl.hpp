// The implementation of Host: names to files, files to modules, modules to instances.
#pragma once

#include <instdrv/host.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/work_thread.hpp"
#include "core/driver_system.hpp"
#include "core/life_cycle.hpp"
#include "core/round.hpp"
#include "host/driver_source.hpp"
#include "host/shared_driver.hpp"
#include "supervisor/requests.hpp"

namespace instdrv {

// As a DriverSystem: what the drivers in this process call when they open, message or close drivers
// themselves.
class Host::Impl final : public core::DriverSystem, public std::enable_shared_from_this<Impl> {
public:
    // Of drivers of this machine's files, and of what the maker makes: it is given what drivers in
    // this process and in workers talk to, of which the second is null once the host is gone.
    using SourceMaker = std::function<std::unique_ptr<DriverSource>(
        core::DriverSystem&, supervisor::Requests::FindSystem)>;
    static std::shared_ptr<Impl> make(HostOptions options);
    static std::shared_ptr<Impl> make(const SourceMaker& make_source);
    ~Impl() override { source_->leave(); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Result<HDRVR> open_driver(std::string_view name, std::string_view section, LPARAM lparam2);
    // The same for a driver in a worker.
    Result<HDRVR> open_for(const core::Asker& asker, std::string_view name,
                           std::string_view section, LPARAM lparam2);
    // Loads a driver for another process, and gives that a channel to it.
    Result<std::shared_ptr<SharedDriver>> share(std::string_view name, std::string_view section);
    // Opens it for that process, which has put what the parameters point at into the channel.
    Result<SharedInstance> open_shared(const SharedDriver& driver, LPARAM lparam1, LPARAM lparam2);
    Result<core::ModuleSnapshot> load_driver(std::string_view name, std::string_view section);
    Result<ExitReport> exit_session(const ExitOptions& options, const ExitObserver& observer = {});
    Result<RoundReport> run_round(const core::Round& round);
    Result<LRESULT> end_application(HDRVR hdrvr, bool normally);

    [[nodiscard]] core::LifeCycle& life_cycle() noexcept { return life_cycle_; }
    [[nodiscard]] DriverSource& source() noexcept { return *source_; }

    HDRVR open(std::string_view name, std::string_view section, LPARAM lparam2) override;
    LRESULT close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) override;
    LRESULT send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) override;
    HMODULE module_handle(HDRVR hdrvr) override;
    bool callback(const core::CallbackRequest& request) override;

    // The Impl whose driver the calling thread is inside of, else null.
    static Impl* of_this_thread() noexcept;
    // The Impl an open instance belongs to, null for a stale handle.
    static Impl* of(HDRVR hdrvr) noexcept;

private:
    // A LifeCycle that knows its Impl, so that a thread inside a driver finds its host.
    class OwnedLifeCycle final : public core::LifeCycle {
    public:
        OwnedLifeCycle(core::ModuleLoader& loader, Impl& owner)
            : LifeCycle(loader), owner_(owner) {}
        [[nodiscard]] Impl& owner() const noexcept { return owner_; }

    private:
        Impl& owner_;
    };
    static Impl* owner_of(core::LifeCycle* life_cycle) noexcept;

    Result<HDRVR> open_resolved(Result<core::OpenRequest> request, LPARAM lparam2);
    // What to open, with everything made that ending it needs.
    Result<core::OpenRequest> resolve(std::string_view name, std::string_view section);
    // What an exit needs besides the threads of its modules, before the first of those is loaded.
    Status prepare_for_exit();
    std::shared_ptr<WorkThread> observers();
    Result<ExitReport> end_drivers(const ExitOptions& options, const ExitObserver& observer,
                                   std::chrono::steady_clock::time_point begun);

    Impl(const SourceMaker& make_source, supervisor::Requests::FindSystem confined_system);

    std::unique_ptr<DriverSource> source_;
    OwnedLifeCycle life_cycle_;
    std::mutex prepare_mutex_;               // of the next
    std::shared_ptr<WorkThread> observers_;  // set once, before any module is loaded
};

// What the C functions work on from now on; null: a host of their own, as at first. Returns what it
// was before.
Host* choose_default_host(Host* host) noexcept;

// The send of the public interface: refuses what only the system sends. Broken for every failure.
core::Answer send_as_client(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) noexcept;

}  // namespace instdrv
