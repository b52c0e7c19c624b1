#include "cli/machine.hpp"

#include <instdrv/crash.hpp>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "parser/parser.hpp"
#include "sandbox/policy.hpp"
#include "sandbox/probe.hpp"
#include "supervisor/requests.hpp"
#include "supervisor/worker_loader.hpp"

namespace instdrv::cli {
namespace {

MachineNeed linux_version() {
    utsname names{};
    int major = 0, minor = 0;
    ::uname(&names);
    const int read = std::sscanf(names.release, "%d.%d", &major, &minor);
    const std::pair oldest(5, 13);
    return {.name = "Linux 5.13 or later",
            .met = read == 2 && std::pair(major, minor) >= oldest,
            .found = names.release,
            .purpose = "the sandbox of files",
            .advice = "install a newer kernel; Debian 12 has one"};
}

MachineNeed memory_files() {
    const Fd fd(::memfd_create("probe", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    return {.name = "memory files",
            .met = bool(fd),
            .found = fd ? "yes" : "no",
            .purpose = "the channel between a worker and its supervisor",
            .advice = "allow memfd_create(2) in what surrounds this process"};
}

MachineNeed own_mappings() {
    const bool there = read_file("/proc/self/maps").has_value();
    return {.name = "/proc",
            .met = there,
            .vital = false,
            .found = there ? "yes" : "no",
            .purpose = "VirtualQuery and checks of pointers",
            .advice = "mount it; without it drivers that ask what is mapped fail"};
}

MachineNeed barriers() {
    const long known = ::syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
    const bool there = known > 0 && (known & MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0;
    return {.name = "membarrier",
            .met = there,
            .vital = false,
            .found = there ? "yes" : "no",
            .purpose = "sends that need no fence of their own",
            .advice = "messages take a little longer without it"};
}

// Asks for its process id by the entry of 32-bit programs, as a child: where the kernel has none
// that is a fault.
bool has_i386_entry() {
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGSEGV, SIG_DFL);
        long result = 20;  // getpid on i386
        asm volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
        ::_exit(result == ::getpid() ? 0 : 1);
    }
    int status = 1;
    return child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
}

MachineNeed i386_programs() {
    const bool entry = kernel_runs_i386();
    const bool loader = std::filesystem::exists("/lib/ld-linux.so.2");
    return {.name = "32-bit programs",
            .met = entry && loader,
            .vital = false,
            .found = entry && loader ? "yes" : "no",
            .purpose = "32-bit drivers",
            .advice = entry
                          ? "install libc6-i386, or libc6 of the architecture i386"
                          : "the kernel has IA-32 emulation off: start it with ia32_emulation=on"};
}

// A confined worker without a driver, which therefore asks for nothing.
Status start_worker(const std::filesystem::path& program, sandbox::Architecture architecture) {
    sandbox::PolicyBuilder builder(architecture);
    if (sandbox::built_with_sanitizer) builder.allow_sanitizer("this build has AddressSanitizer");
    const auto policy = builder.build();
    if (!policy) return failure(policy.error());
    const auto nothing = [](const core::Asker&) { return std::shared_ptr<core::DriverSystem>(); };
    const auto worker = supervisor::Worker::start({.name = program.filename().string(),
                                                   .program = program,
                                                   .architecture = architecture,
                                                   .confinement = policy->serialise()},
                                                  std::make_shared<supervisor::Requests>(nothing));
    if (!worker) return failure(worker.error());
    return {};
}

MachineNeed worker_of(sandbox::Architecture architecture) {
    const bool amd64 = architecture == sandbox::Architecture::amd64;
    const auto program = supervisor::worker_program(architecture);
    MachineNeed need{.name = program.filename().string(),
                     .met = true,
                     .vital = amd64,
                     .found = "runs",
                     .purpose = amd64 ? "64-bit drivers" : "32-bit drivers",
                     .advice = {}};
    const auto started = start_worker(program, architecture);
    if (started) return need;
    need.met = false;
    const Error& error = started.error();
    std::error_code ignored;
    if (!std::filesystem::exists(program, ignored)) {
        need.found = "missing";
        need.advice = error.advice;
    } else if (error.crash != nullptr && !error.crash->output.empty()) {
        need.found = "does not run";
        need.advice = error.crash->output.back();  // it says why, as where versions differ
    } else {
        need.found = "does not run";
        need.advice = error.cause;
    }
    return need;
}

// One that is confined and reads a file: this program's own.
MachineNeed parser_program() {
    const auto program = supervisor::confined_program("instdrv-parser");
    const auto read = parser::Parser().kind_of("/proc/self/exe");
    std::error_code ignored;
    const bool there = std::filesystem::exists(program, ignored);
    return {.name = program.filename().string(),
            .met = read.has_value(),
            .vital = false,
            .found = read    ? "runs"
                     : there ? "does not run"
                             : "missing",
            .purpose = "looking into files",
            .advice = read ? "" : read.error().cause};
}

}  // namespace

bool kernel_runs_i386() {
    static const bool runs = has_i386_entry();
    return runs;
}

std::vector<MachineNeed> machine_needs() {
    std::vector<MachineNeed> needs{linux_version(),
                                   memory_files(),
                                   own_mappings(),
                                   barriers(),
                                   worker_of(sandbox::Architecture::amd64),
                                   parser_program()};
    needs.push_back(i386_programs());
    needs.push_back(worker_of(sandbox::Architecture::i386));
    return needs;
}

}  // namespace instdrv::cli
