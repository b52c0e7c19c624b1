// The source of the drivers of a Host: this machine's files (LocalSource), or a session that
// another process holds (src/client).
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <filesystem>
#include <string_view>

#include "core/asker.hpp"
#include "core/life_cycle.hpp"

namespace instdrv {

class DriverSource {
public:
    DriverSource() = default;
    virtual ~DriverSource() = default;
    DriverSource(const DriverSource&) = delete;
    DriverSource& operator=(const DriverSource&) = delete;

    // Everything of an OpenRequest but lparam2. [any thread]
    virtual Result<core::OpenRequest> resolve(std::string_view name, std::string_view section) = 0;
    // The same for a driver in a worker, which gets what the broker lets it have (broker.hpp).
    virtual Result<core::OpenRequest> resolve_for(const core::Asker& asker, std::string_view name,
                                                  std::string_view section);
    // A driver in a worker was not given what it asked for.
    virtual void refused(const core::Asker&, const Error&) {}
    // Loads what was resolved.
    virtual core::ModuleLoader& loader() = 0;
    // Reads another configuration for opens from now on.
    virtual Status read_configuration(const std::filesystem::path& file) = 0;
    // Fails for an operation where the drivers' session is not this host's to end or to tell of
    // power.
    [[nodiscard]] virtual Status owns_session(const char*) const { return {}; }
    // Makes durable what drivers have written, those that are closed by now too. Fails where
    // `until` passes first.
    virtual Status flush(std::chrono::steady_clock::time_point) { return {}; }
    // The host is about to close what is open.
    virtual void leave() noexcept {}
};

}  // namespace instdrv
