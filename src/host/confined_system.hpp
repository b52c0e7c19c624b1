// The functions of the host that a driver in a worker is given: they reach drivers in workers, and
// no others.
#pragma once

#include <memory>

#include "core/asker.hpp"
#include "core/driver_system.hpp"
#include "host/broker.hpp"
#include "host/impl.hpp"
#include "supervisor/client.hpp"

namespace instdrv {

class ConfinedSystem final : public core::DriverSystem {
public:
    // The asker outlives it.
    ConfinedSystem(std::shared_ptr<Host::Impl> host, const core::Asker& asker)
        : host_(std::move(host)), asker_(asker) {}

    HDRVR open(std::string_view name, std::string_view section, LPARAM lparam2) override {
        return host_->open_for(asker_, name, section, lparam2).value_or(nullptr);
    }
    LRESULT close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) override {
        const auto answer = in_worker(hdrvr) ? host_->close(hdrvr, lparam1, lparam2) : 0;
        if (answer != 0) asker_.opened->closed(hdrvr);
        return answer;
    }
    // What was not installed together with the asker is sent what is declared, and nothing else.
    LRESULT send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) override {
        const auto to = in_worker(hdrvr);
        if (!to) return 0;
        auto client = supervisor::current_client();
        client.declared_only = !belongs_to(asker_, to->file);
        const supervisor::ClientScope scope(client);
        return host_->send(hdrvr, message, lparam1, lparam2);
    }
    HMODULE module_handle(HDRVR hdrvr) override { return host_->module_handle(hdrvr); }
    bool callback(const core::CallbackRequest& request) override {
        return host_->callback(request);
    }

private:
    [[nodiscard]] std::optional<core::InstanceSnapshot> in_worker(HDRVR hdrvr) const {
        auto snapshot = host_->life_cycle().snapshot(hdrvr);
        if (!snapshot || snapshot->placement != Placement::worker) return std::nullopt;
        return *std::move(snapshot);
    }

    std::shared_ptr<Host::Impl> host_;
    const core::Asker& asker_;
};

}  // namespace instdrv
