// Resolves the name that a caller gives to the file, text and settings to open.
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
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

// A configuration that was read, with the files that its sections [instdrv.NAME] are about.
struct Configuration {
    catalog::Catalog catalog;
    // By NAME, as far as they were there when it was read. A NAME that is an alias is not among
    // them, and one that was not there is looked for each time.
    std::map<std::string, std::filesystem::path, std::less<>> files;
};

// Looks names up: alias first, then file; a name with a slash or backslash is a file at once. Text
// after the name wins over the text of the alias' entry. [any thread]
class Resolver {
public:
    using Notice = std::function<void(const std::string& line)>;

    // `configuration` is read when it is first needed; empty: none.
    // `state_folders` outlives it; null: nobody opens what is looked up, and state folders stay
    // empty. `notice` is told what may be a mistake in a configuration that is read; may be null.
    explicit Resolver(std::filesystem::path configuration,
                      const StateFolders* state_folders = nullptr, Notice notice = {})
        : state_folders_(state_folders),
          notice_(std::move(notice)),
          unread_(std::move(configuration)),
          configuration_(std::make_shared<const Configuration>()) {}

    Status read_configuration(const std::filesystem::path& file);
    // The same object until another one is read.
    [[nodiscard]] Result<std::shared_ptr<const catalog::Catalog>> catalog();

    // Everything of an OpenRequest but lparam2. Fails where there is no place for what it keeps.
    [[nodiscard]] Result<core::OpenRequest> resolve(std::string_view name, std::string_view section,
                                                    const DriverDefaults& defaults);

private:
    Result<std::shared_ptr<const Configuration>> configuration();
    // [with mutex_] Returns what may be a mistake.
    Result<std::vector<std::string>> read(const std::filesystem::path& file);
    void tell(const std::vector<std::string>& lines) const;

    const StateFolders* const state_folders_;
    const Notice notice_;
    std::mutex mutex_;
    std::filesystem::path unread_;
    std::shared_ptr<const Configuration> configuration_;
};

}  // namespace instdrv
