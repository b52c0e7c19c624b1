// What drivers in workers are given of the host: the drivers in workers, and no others.
#pragma once

#include <memory>

#include "core/driver_system.hpp"
#include "host/impl.hpp"

namespace instdrv {

class ConfinedSystem final : public core::DriverSystem {
public:
    explicit ConfinedSystem(std::shared_ptr<Host::Impl> host) : host_(std::move(host)) {}

    HDRVR open(std::string_view name, std::string_view section, LPARAM lparam2) override {
        return host_->open_confined(name, section, lparam2).value_or(nullptr);
    }
    LRESULT close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) override {
        return is_confined(hdrvr) ? host_->close(hdrvr, lparam1, lparam2) : 0;
    }
    LRESULT send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) override {
        return is_confined(hdrvr) ? host_->send(hdrvr, message, lparam1, lparam2) : 0;
    }
    HMODULE module_handle(HDRVR hdrvr) override { return host_->module_handle(hdrvr); }
    bool callback(const core::CallbackRequest& request) override {
        return host_->callback(request);
    }

private:
    [[nodiscard]] bool is_confined(HDRVR hdrvr) const {
        const auto snapshot = host_->life_cycle().snapshot(hdrvr);
        return snapshot && snapshot->placement == Placement::worker;
    }

    std::shared_ptr<Host::Impl> host_;
};

}  // namespace instdrv
