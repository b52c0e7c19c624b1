// The inside of a Host: names to files, files to modules, modules to instances.
#pragma once

#include <instdrv/host.hpp>

#include <memory>
#include <string_view>

#include "core/driver_system.hpp"
#include "core/life_cycle.hpp"
#include "core/round.hpp"
#include "host/placed_loader.hpp"
#include "host/resolver.hpp"

namespace instdrv {

// As a DriverSystem: what the drivers in this process call when they open, message or close drivers
// themselves.
class Host::Impl final : public core::DriverSystem, public std::enable_shared_from_this<Impl> {
public:
    static std::shared_ptr<Impl> make(HostOptions options);

    Result<HDRVR> open_driver(std::string_view name, std::string_view section, LPARAM lparam2);
    // The same for a driver in a worker, which gets no driver that is not in one.
    Result<HDRVR> open_confined(std::string_view name, std::string_view section, LPARAM lparam2);
    Status load_driver(std::string_view name, std::string_view section);
    Result<ExitReport> exit_session(const ExitOptions& options, const ExitObserver& observer = {});
    Result<RoundReport> run_round(const core::Round& round);
    Result<LRESULT> end_application(HDRVR hdrvr, bool normally);

    [[nodiscard]] core::LifeCycle& life_cycle() noexcept { return life_cycle_; }
    [[nodiscard]] Resolver& resolver() noexcept { return resolver_; }

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

    Impl(HostOptions options, const std::shared_ptr<std::weak_ptr<Impl>>& self);
    [[nodiscard]] Result<core::OpenRequest> resolve(std::string_view name,
                                                    std::string_view section);

    HostOptions options_;
    Resolver resolver_;
    PlacedLoader loader_;
    OwnedLifeCycle life_cycle_;
};

// The send of the public interface: refuses what only the system sends. Broken for every failure.
core::Answer send_as_client(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) noexcept;

}  // namespace instdrv
