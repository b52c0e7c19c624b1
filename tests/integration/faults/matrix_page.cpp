#include <fmt/format.h>

#include "expectations.hpp"

namespace instdrv::test {
namespace {

constexpr std::string_view introduction =
    "# Fault matrix\n"
    "\n"
    "What becomes of a driver that misbehaves, and of those beside it. Each fault is committed in "
    "six "
    "messages:\n"
    "`DRV_LOAD`, `DRV_OPEN`, a private one (`DRV_USER`), `DRV_EXITSESSION`, `DRV_CLOSE` and "
    "`DRV_FREE`. Each time it\n"
    "runs as a native and as a Windows driver, in 64 and in 32 bits, in a worker of its own, "
    "beside "
    "three healthy\n"
    "drivers in theirs. The outcome is the same in all six messages:\n"
    "\n";

constexpr std::string_view explanation =
    "\n"
    "The words are those of `ErrorCode` (`<instdrv/error.hpp>`), with the signal, the system call "
    "or "
    "the exit code;\n"
    "`answered` is a call that came back like any other. In the end of a session the report says "
    "`timed_out`,\n"
    "`answered`, or `failed` with that error.\n"
    "\n"
    "In every cell the healthy drivers answer right after the fault; they are told of the end of "
    "the "
    "session, closed\n"
    "and freed in order; the exit keeps its time; and when the host is gone, no process, no "
    "zombie, no "
    "shared memory,\n"
    "no descriptor and no temporary file is left.\n"
    "\n"
    "The tests of `tests/integration/faults` check each cell, and that this page is what they "
    "expect:\n"
    "\n"
    "    ctest --preset debug -R FaultMatrix\n"
    "    build/debug/bin/fault_matrix > docs/fault-matrix.md\n";

}  // namespace

std::string matrix_page() {
    std::string page(introduction);
    page +=
        "| fault | the driver | native, 64 bits | native, 32 bits | Windows, 64 bits | Windows, 32 "
        "bits |\n"
        "|---|---|---|---|---|---|\n";
    for (const auto& fault : faults()) {
        page += fmt::format("| `{}` | {} |", fault.name, fault.what);
        for (const auto& build : matrix_builds)
            page += fmt::format(" {} |", fault.ending(build));
        page += '\n';
    }
    page += explanation;
    return page;
}

}  // namespace instdrv::test
