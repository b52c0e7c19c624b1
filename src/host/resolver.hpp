// From the name a caller gives to the file, text and settings to open.
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "catalog/catalog.hpp"
#include "core/life_cycle.hpp"
#include "host/state_folders.hpp"

namespace instdrv {

// Where files named without a folder are looked for after the configuration's own folders, in this
// order: those of the environment variable INSTDRV_PATH, separated by colons; where Debian's
// libwine keeps its 64-bit drivers; where scripts/setup puts the 32-bit ones. So a name that both
// have is the 64-bit driver, and the 32-bit one needs a path.
std::vector<std::filesystem::path> driver_folders();

// How drivers are run where the configuration says nothing of them.
struct DriverDefaults {
    bool session_instance = true;
    Placement placement = Placement::worker;
    Recovery recovery = Recovery::fail;
    std::optional<std::chrono::milliseconds> deadline;
    std::string traced_calls;  // as HostOptions has them
};

// Looks names up: alias first, then file; a name with a slash or backslash is a file at once. Text
// after the name wins over the text of the alias' entry. [any thread]
class Resolver {
public:
    // `configuration` is read when it is first needed; empty: none.
    // `state_folders` outlives it; null: nobody opens what is looked up, and state folders stay
    // empty.
    explicit Resolver(std::filesystem::path configuration, StateFolders* state_folders = nullptr)
        : state_folders_(state_folders),
          unread_(std::move(configuration)),
          catalog_(std::make_shared<const catalog::Catalog>()) {}

    Status read_configuration(const std::filesystem::path& file);
    [[nodiscard]] Result<std::shared_ptr<const catalog::Catalog>> catalog();

    // Everything of an OpenRequest but lparam2. Fails where there is no place for what it keeps.
    [[nodiscard]] Result<core::OpenRequest> resolve(std::string_view name, std::string_view section,
                                                    const DriverDefaults& defaults);

private:
    StateFolders* const state_folders_;
    std::mutex mutex_;
    std::filesystem::path unread_;
    std::shared_ptr<const catalog::Catalog> catalog_;
};

}  // namespace instdrv
