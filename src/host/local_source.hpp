// Drivers of this machine's files, in workers or in this process.
#pragma once

#include <instdrv/host.hpp>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <set>

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
    Status flush(std::chrono::steady_clock::time_point until) override;

private:
    HostOptions options_;
    Resolver resolver_;
    std::filesystem::path state_folder_;
    PlacedLoader loader_;
    std::mutex mutex_;
    std::set<std::filesystem::path> state_folders_;  // of all drivers that were to be opened
};

}  // namespace instdrv
