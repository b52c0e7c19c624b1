// The limits of this process and all that it starts: tasks, memory, descriptors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace instdrv::cli {

struct MachineLimit {
    std::string name;                    // "tasks"
    std::optional<std::uint64_t> value;  // processes and threads, bytes, descriptors; nothing: none
    std::string set_by;  // "pids.max of /system.slice/instdrv.service", "RLIMIT_NOFILE"; or empty
};

// The lowest of what holds: of its control group and those around it, and of getrlimit(2). Memory
// is bounded by control groups alone; those of version 1 are not looked at.
std::vector<MachineLimit> machine_limits();

// The lowest value of a limit's file, such as "pids.max", in a control group and those around it.
// `hierarchy` is where the groups are mounted, `own_groups` what /proc/self/cgroup says.
MachineLimit group_limit(const std::filesystem::path& hierarchy, std::string_view own_groups,
                         std::string_view file);

}  // namespace instdrv::cli
