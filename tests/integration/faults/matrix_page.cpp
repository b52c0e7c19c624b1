#include <fmt/format.h>

#include "expectations.hpp"

namespace instdrv::test {
namespace {

constexpr std::string_view introduction = R"(# Fault matrix

What becomes of a driver that misbehaves, and of those beside it. Each fault is committed at eight stages: when the
file is loaded and when it is unloaded (ELF constructors and destructors; `DllMain`, in 32 bits a TLS callback at the
end), and in `DRV_LOAD`, `DRV_OPEN`, a private message (`DRV_USER`), `DRV_EXITSESSION`, `DRV_CLOSE` and `DRV_FREE`.
Each time it runs as a native and as a Windows driver, in 64 and in 32 bits, in a worker of its own, beside three
healthy drivers in theirs. The outcome is the same at all eight stages:

)";

constexpr std::string_view explanation = R"(
The words are those of `ErrorCode` (`<instdrv/error.hpp>`), with the signal, the system call or the exit code;
`answered` is a call that came back like any other. In the end of a session the report says `timed_out`,
`answered`, or `failed` with that error. Threads that outlive their file may crash once it is unloaded, or
not; nobody but that driver's worker notices.

In every cell the healthy drivers answer right after the fault; they are told of the end of the session, closed, freed
and unloaded in order; the exit keeps its time; and when the host is gone, no process, no zombie, no shared memory, no
descriptor and no temporary file is left. Every cell runs through `instdrv run` as well, and that of `DRV_USER` through
`instdrv send`: the exit code (3 where a driver did not end well), the report, that the program ends, and that no worker
of it is left to be reaped by others.

The end of a session may find a client's open, send or close under way in a driver that does not return: that driver
times out, its worker is ended and the call fails; the others end well. In the host's own process a driver that hangs
at its end, or breaks a call off, is the only one not ended properly; one that hangs stays mapped, and keeps its thread.
A Windows DLL that hangs in DllMain keeps Windows' loader lock: no other Windows DLL of that process is unloaded, which
the report says. A native one that hangs in a constructor or destructor there keeps the C library's lock for loading, too: no
other native driver of that process is unloaded, which the report says, and exit() would wait for that lock: such a host
ends by _exit(), as `instdrv run` does.

The tests of `tests/integration/faults` check each cell, and that this page is what they expect:

    ctest --preset debug -R 'FaultMatrix|CallsUnderWay|InProcess'
    build/debug/bin/fault_matrix > docs/fault-matrix.md
)";

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
            page += fmt::format(" {} |", fault.ending(build, stages.front()));
        page += '\n';
    }
    page += explanation;
    return page;
}

}  // namespace instdrv::test
