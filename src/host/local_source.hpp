// The drivers in files of this machine, run in workers or in this process.
#pragma once

#include <instdrv/host.hpp>

#include <chrono>
#include <filesystem>

#include "host/broker.hpp"
#include "host/driver_source.hpp"
#include "host/placed_loader.hpp"
#include "host/resolver.hpp"

namespace instdrv {

class LocalSource final : public DriverSource {
public:
    // See PlacedLoader.
    LocalSource(HostOptions options, core::DriverSystem& system,
                supervisor::Requests::FindSystem confined_system);

    Result<core::OpenRequest> resolve(std::string_view name, std::string_view section) override;
    Result<core::OpenRequest> resolve_for(const core::Asker& asker, std::string_view name,
                                          std::string_view section) override;
    void refused(const core::Asker& asker, const Error& error) override {
        refusals_.tell(asker, error);
    }
    core::ModuleLoader& loader() override { return loader_; }
    Status read_configuration(const std::filesystem::path& file) override {
        return resolver_.read_configuration(file);
    }
    Status flush(std::chrono::steady_clock::time_point until) override {
        return state_folders_.flush(until);
    }

private:
    Status make_state_folders(const core::ModuleRequest& request);

    HostOptions options_;
    StateFolders state_folders_;
    Resolver resolver_;
    Refusals refusals_;
    PlacedLoader loader_;
};

}  // namespace instdrv
