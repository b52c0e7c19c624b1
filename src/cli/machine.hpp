// Checks what instdrv needs of the machine at run time.
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

// Whether the kernel runs programs for i386, which drivers for i386 need: its IA-32 emulation may
// be off. Asks it once, by a child process.
bool kernel_runs_i386();
// Why a driver for i386 cannot be opened where it does not.
inline constexpr auto no_i386 = "the kernel runs no 32-bit programs; `instdrv doctor` says more";

// Asks the kernel and the file system, and starts the programs that are confined, without a
// driver. Takes some ten milliseconds.
std::vector<MachineNeed> machine_needs();

}  // namespace instdrv::cli
