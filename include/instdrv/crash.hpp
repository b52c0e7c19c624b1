// The report of a worker that died inside a driver: the place of the fault, the call stack and the
// last messages.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace instdrv {

// One frame of a call stack.
struct StackFrame {
    std::uint64_t address = 0;  // in the worker
    std::string image;          // file name; empty where no image is there
    std::uint64_t offset = 0;   // from the image's beginning (the RVA in a Windows DLL)

    // "msadp32.acm+0x1234", or the address
    [[nodiscard]] std::string text() const;
};

struct CrashReport {
    std::string signal;                 // "SIGSEGV"; empty: it did not die of a signal
    std::uint64_t address = 0;          // what it touched, for SIGSEGV and SIGBUS
    std::vector<StackFrame> stack;      // innermost first; as far as it could be followed
    std::vector<std::string> messages;  // the last ones sent to the worker, oldest first
    std::vector<std::string> output;    // the last lines it printed, oldest first; printable
};

}  // namespace instdrv
