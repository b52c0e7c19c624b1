// Counts how much more the state folder of a driver may hold.
//
// Growth of files through the Windows layer counts against a limit. All files of the folder are
// measured at the beginning, and again when the limit seems to be reached or much was written: so
// deletions and writes of other processes count, too. Two processes that fill one folder at a time
// may pass the limit by a sixteenth each. [any thread]
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>

namespace instdrv::winapi {

class StateRoom {
public:
    // The folder need not exist. Bytes.
    StateRoom(std::filesystem::path folder, std::uint64_t limit);

    // Takes bytes from the room. False, and nothing is taken, if fewer are left.
    bool take(std::uint64_t bytes);
    // Returns bytes that were taken and not used.
    void give_back(std::uint64_t bytes);
    // Bytes, as of now.
    std::uint64_t left();

private:
    void count();

    const std::filesystem::path folder_;
    const std::uint64_t limit_;
    std::mutex mutex_;
    std::uint64_t used_ = 0;
    std::uint64_t taken_since_count_;
};

}  // namespace instdrv::winapi
