// Drivers of this machine's files, in workers or in this process.
#pragma once

#include <instdrv/host.hpp>

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
    core::ModuleLoader& loader() override { return loader_; }
    Status read_configuration(const std::filesystem::path& file) override {
        return resolver_.read_configuration(file);
    }
    Status flush(const std::set<std::string>& files,
                 std::chrono::steady_clock::time_point until) override;

private:
    HostOptions options_;
    Resolver resolver_;
    std::filesystem::path state_folder_;
    PlacedLoader loader_;
};

}  // namespace instdrv
