// What instdrv needs of the machine at run time, and whether it is there.
#pragma once

#include <string>
#include <vector>

namespace instdrv::cli {

struct MachineNeed {
    std::string name;     // "memory files"
    bool met = false;     // it is there
    bool vital = true;    // nothing works without it; otherwise something is missing or slower
    std::string found;    // "yes", "no", "Linux 6.1.0"
    std::string purpose;  // what it is for
    std::string advice;   // what to do where it is missing
};

// Asks the kernel and the file system, and starts the programs that are confined, without a
// driver. Takes some ten milliseconds.
std::vector<MachineNeed> machine_needs();

}  // namespace instdrv::cli
