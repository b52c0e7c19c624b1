// The state folders of drivers. What a driver keeps belongs to the path of its file.
//
//     ROOT/drivers/NAME-HASH/driver    the path of the driver's file, for people and against chance
//     ROOT/drivers/NAME-HASH/state/    what that driver keeps; all that it reaches of ROOT
//     ROOT/named/NAME/                 the same of the drivers whose setting state= says NAME
//     ROOT/session/                    the record of a session
//
// A driver that is replaced by another version at the same path keeps what it has; a copy elsewhere
// has its own, whatever its name. [any thread; several processes may use one ROOT]
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>

#include "base/fd.hpp"
#include "base/flush.hpp"
#include "host/state_root.hpp"

namespace instdrv {

class StateFolders {
public:
    using Notice = std::function<void(const std::string& line)>;

    // Nothing is made before the first driver's is. root: see state_root; where that failed, so
    // does everything here.
    explicit StateFolders(Result<std::filesystem::path> root, Notice notice);

    // Of a driver's file, an absolute path without links. Nothing is made.
    [[nodiscard]] Result<std::filesystem::path> of_file(const std::filesystem::path& driver) const;
    // Of all drivers that say state=NAME.
    [[nodiscard]] Result<std::filesystem::path> named(const std::string& name) const;
    // Makes the surroundings of what one of these returned for a driver; the folder itself is made
    // by whoever runs the driver. What an older instdrv kept for the file's name, in ROOT/NAME,
    // becomes the first one's that comes, which is told as a notice. `busy`: somebody else has
    // taken it since.
    Status make(const std::filesystem::path& driver, const std::filesystem::path& folder);

    // Links on the way to it resolved; empty: there is none.
    [[nodiscard]] std::filesystem::path root() const;

    // Flushes everything that was made, as far as there is time. The Error names the driver.
    Status flush(std::chrono::steady_clock::time_point until);

private:
    using Clock = std::chrono::steady_clock;
    using TimePoint = Clock::time_point;
    struct Flushing {
        std::filesystem::path driver;
        TreeFlush flush;
    };
    using GoOn = bool (TreeFlush::*)(TimePoint until);
    static void flush_in_turns(std::span<Flushing> all, GoOn go_on, TimePoint until);

    // What there is of a driver's folder, and of what is around it.
    struct Found {
        std::filesystem::path shown;  // the folder's path, also where it is not there
        Fd root{};
        Fd parent{};  // its lock is held with it, where folders are made
        Fd folder{};
        bool has_owner = false;  // the driver
    };
    [[nodiscard]] Result<Found> find(const std::filesystem::path& driver,
                                     MissingFolder missing) const;
    [[nodiscard]] Status make_named() const;
    [[nodiscard]] Status make_of_file(const std::filesystem::path& driver,
                                      const std::filesystem::path& folder) const;

    const Result<std::filesystem::path> root_;
    const Notice notice_;
    std::mutex mutex_;
    std::map<std::filesystem::path, std::filesystem::path> given_;  // folder to driver
};

}  // namespace instdrv
