// What this process has that a worker could have left behind.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include <sys/types.h>

namespace instdrv::test {

// Living ones and zombies.
[[nodiscard]] std::set<std::string> children_of(pid_t process);

struct Remains {
    std::set<std::string> descriptors;  // what each leads to, channels and processes counted
    std::set<std::string> children;     // of this process
    std::size_t channels = 0;           // shared memory that is mapped
    std::set<std::string> files;        // in `folder`

    bool operator==(const Remains&) const = default;
};

// folder: for temporary files, with nobody else's in it.
[[nodiscard]] Remains what_remains(const std::filesystem::path& folder);

// What remains once the first worker is gone: what there was before, and what the monitor of
// workers keeps, which is descriptors to wait with, and the state of the driver. Waits for that.
[[nodiscard]] Remains remains_of_monitor(const Remains& before,
                                         const std::filesystem::path& folder);

// Waits until nothing else remains than `before`, as the end of a process takes its time. Returns
// what remains, also when that did not become so.
[[nodiscard]] Remains wait_for_remains(const Remains& before, const std::filesystem::path& folder);

void PrintTo(const Remains& remains, std::ostream* out);

}  // namespace instdrv::test
