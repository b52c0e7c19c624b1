// Which folder is whose: what a driver keeps belongs to the path of its file.
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
#include <mutex>
#include <set>
#include <string>

namespace instdrv {

class StateFolders {
public:
    using Notice = std::function<void(const std::string& line)>;

    // Nothing is made before the first driver's is. root: see state_root; where that failed, so
    // does everything here.
    explicit StateFolders(Result<std::filesystem::path> root, Notice notice);

    // Of a driver's file, an absolute path without links. What an older instdrv kept for its name,
    // in ROOT/NAME, becomes the first one's that asks, which is told as a notice. The folder itself
    // is made by whoever runs the driver.
    Result<std::filesystem::path> of_file(const std::filesystem::path& driver);
    // Of all drivers that say state=NAME.
    Result<std::filesystem::path> named(const std::string& name);

    // Links on the way to it resolved; empty: there is none.
    [[nodiscard]] std::filesystem::path root() const;

    // Flushes everything that was given out, as far as there is time.
    Status flush(std::chrono::steady_clock::time_point until);

private:
    Result<std::filesystem::path> given(std::filesystem::path folder);

    const Result<std::filesystem::path> root_;
    const Notice notice_;
    std::mutex mutex_;
    std::set<std::filesystem::path> given_;
};

}  // namespace instdrv
