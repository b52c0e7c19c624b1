// The worker program. A supervisor starts it; nobody else does. Descriptor 3 is the control socket.
#include <cstdio>
#include <cstdlib>

#include <malloc.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

#include "channel/control.hpp"
#include "channel/region.hpp"
#include "sandbox/confine.hpp"
#include "worker/crash.hpp"
#include "worker/server.hpp"

namespace {

constexpr int control_descriptor = 3;

int fail(const instdrv::Error& error) {
    std::fprintf(stderr, "instdrv-worker: %s\n", error.text().c_str());
    return 1;
}

// The supervisor may have ended before the request to die with it was made.
bool dies_with(const char* supervisor) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    return std::atol(supervisor) == ::getppid();
}

// What ends programs politely is for the supervisor, which tells the drivers first: systemd signals
// every process of a login session.
void leave_the_end_to_the_supervisor() {
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        std::signal(number, SIG_IGN);
}

// Each arena of the allocator takes 64 MiB of address space, and threads come with every client of
// the drivers: without a bound they would fill it on machines with many processors.
void bound_the_allocator() { ::mallopt(M_ARENA_MAX, 8); }

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "instdrv-worker is started by instdrv and by programs that use it.\n");
        return 2;
    }
    leave_the_end_to_the_supervisor();
    bound_the_allocator();
    if (!dies_with(arguments[1])) return 1;
    // A driver's lines are out when they are printed: the process may end at any time.
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    instdrv::Fd control(control_descriptor);
    const auto descriptor = instdrv::channel::receive_descriptor(control);
    if (!descriptor) return fail(descriptor.error());
    auto region = instdrv::channel::Region::attach(*descriptor);
    if (!region) return fail(region.error());
    static instdrv::worker::Server server(std::move(*region), std::move(control),
                                          instdrv::sandbox::confine);
    instdrv::worker::report_crashes(server.region());
    server.run();
}
