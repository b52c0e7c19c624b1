// The state of a loaded driver: its registry, its INI files and what its C runtime streams have not
// written yet. One object per loaded driver owns all of it. The code that loads and unloads the
// driver decides when it is written; closing a key or the end of this process does not.
//
// When a call has reported success, the kernel has the change of the registry or INI file. Streams
// are written where Windows promises it, at the end of a program; here that is ExitProcess, the end
// of DRV_FREE and the driver's unloading. What they buffer is lost when the process is killed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>

#include "winapi/state/state_room.hpp"

namespace instdrv::winapi {

class OpenProfiles;
namespace registry {
class Store;
}

class DriverState {
public:
    static constexpr std::uint64_t default_limit = std::uint64_t{1} << 30;

    // The C runtimes' streams, which lie above this folder. Both functions leave a stream alone
    // that another thread is in.
    struct Streams {
        void (*flush)(const DriverState& driver);
        void (*close)(const DriverState& driver);
    };
    // Called once, before main. Without streams there is nothing to flush and to close.
    static void use_streams(const Streams& streams) noexcept;

    // The folder is made with the first write. `limit` is the most that it may hold, in bytes.
    explicit DriverState(std::filesystem::path folder, std::uint64_t limit = default_limit);
    // Settles. No thread acts for the driver any more.
    ~DriverState();
    DriverState(const DriverState&) = delete;
    DriverState& operator=(const DriverState&) = delete;

    // Of the driver that the calling thread acts for; null outside of driver calls.
    static DriverState* current() noexcept;

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
    [[nodiscard]] StateRoom& room() const noexcept { return *room_; }
    std::shared_ptr<registry::Store> registry();
    [[nodiscard]] OpenProfiles& profiles() noexcept { return *profiles_; }

    // What the driver's streams hold goes to the kernel. A stream that another thread is in is left
    // alone.
    void flush_streams() const;
    // The same, and closes them; registry and INI files are written anew where they have journals.
    void settle();

private:
    const std::filesystem::path folder_;
    std::shared_ptr<StateRoom> room_;
    std::mutex mutex_;
    std::shared_ptr<registry::Store> registry_;  // from the first use on
    const std::unique_ptr<OpenProfiles> profiles_;
};

}  // namespace instdrv::winapi
