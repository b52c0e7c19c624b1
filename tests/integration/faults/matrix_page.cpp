#include <fmt/format.h>

#include "expectations.hpp"

namespace instdrv::test {
namespace {

constexpr std::string_view introduction = R"(# Fault matrix

What happens to a driver that misbehaves, and to the drivers beside it. Each fault is committed at eight stages:

- when the file is loaded and when it is unloaded: in ELF constructors and destructors; in `DllMain`, and for unloading in
  32 bits in a TLS callback,
- in `DRV_LOAD`, `DRV_OPEN`, a private message (`DRV_USER`), `DRV_EXITSESSION`, `DRV_CLOSE` and `DRV_FREE`.

The faulty driver is native or a Windows DLL, in 64 and in 32 bits. It runs in a worker of its own, beside three healthy
drivers in theirs. The outcome is the same at all eight stages:

)";

constexpr std::string_view explanation = R"(
The outcomes are those of `ErrorCode` (`<instdrv/error.hpp>`), with the signal, the system call or the exit code.
`answered` means that the call returned normally. The report of a session's end says `timed_out`, `answered`, or
`failed` with that error. Threads that still run when their file is unloaded may crash then; only that driver's worker
is affected.

In every cell

- the healthy drivers answer right after the fault,
- the healthy drivers are told of the end of the session, closed, freed and unloaded in order,
- the exit ends in its time,
- nothing is left when the host is gone: no process, zombie, shared memory, descriptor or temporary file.

Every cell also runs through `instdrv run`, and the cell of `DRV_USER` through `instdrv send`. There the tests check the
exit code (3 where a driver did not end well), the report, that the program ends, and that it reaps its workers.

**Calls under way.** If the session ends while a client's open, send or close is in a driver that does not return, that
driver times out, its worker is ended and the call fails. The other drivers end well.

**In the host's own process** only the driver that hangs, or breaks off a call, is not ended properly. A driver that hangs
stays mapped and keeps its thread. Two locks then keep other drivers of that process from being unloaded, and the report
says so:

- A Windows DLL that hangs in `DllMain` holds Windows' loader lock, which other Windows DLLs need.
- A native driver that hangs in a constructor or destructor holds the C library's loader lock, which other native drivers
  need. `exit()` needs it as well, so such a host has to end with `_exit()`, as `instdrv run` does.

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
