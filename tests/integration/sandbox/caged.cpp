#include "caged.hpp"

#include <cerrno>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "sandbox/confine.hpp"

namespace instdrv::caged {
namespace {

void report_denial(int, siginfo_t* info, void*) {
    char line[64];
    const int length = std::snprintf(line, sizeof line, "denied %d %u\n", info->si_syscall,
                                     static_cast<unsigned>(info->si_arch));
    [[maybe_unused]] const auto written =
        ::write(STDOUT_FILENO, line, static_cast<std::size_t>(length));
    ::_exit(0);
}

void expect_denials() {
    struct sigaction action {};
    action.sa_sigaction = report_denial;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;  // as a worker
    ::sigaction(SIGSYS, &action, nullptr);
}

void confine_or_end(const char* plan_file, const World& world) {
    const auto plan = read_file(plan_file);
    if (!plan) {
        std::fprintf(stderr, "%s\n", plan.error().text().c_str());
        std::exit(2);
    }
    const int kept[] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, world.ends[0], world.ends[1]};
    const auto report = sandbox::confine(*plan, kept);
    if (const auto status = sandbox::status_of(report); !status) {
        std::fprintf(stderr, "%s\n", status.error().text().c_str());
        std::exit(3);
    }
}

std::vector<Attempt> all_attempts() {
    std::vector<Attempt> all;
    for (const auto attempts :
         {file_attempts(), process_attempts(), machine_attempts(), work_attempts()}) {
        all.insert(all.end(), attempts.begin(), attempts.end());
    }
    return all;
}

int say(long result) {
    if (result >= 0) {
        std::puts("done");
    } else {
        std::printf("errno %d\n", errno);
    }
    return 0;
}

int run(std::string_view name, const World& world) {
    for (const auto& attempt : all_attempts()) {
        if (name == attempt.name) return say(attempt.run(world));
    }
    for (const auto& call : raw_calls()) {
        const auto& a = call.arguments;
        if (name == call.name) return say(::syscall(call.number, a[0], a[1], a[2], a[3]));
    }
    std::fprintf(stderr, "no such attempt\n");
    return 2;
}

int list() {
    for (const auto& attempt : all_attempts())
        std::printf("attempt %s\n", attempt.name);
    for (const auto& call : raw_calls())
        std::printf("call %s %ld\n", call.name, call.number);
    return 0;
}

}  // namespace
}  // namespace instdrv::caged

int main(int argc, char** argv) {
    using namespace instdrv::caged;
    if (argc == 2 && std::string_view(argv[1]) == "--list") return list();
    if (argc != 4) return 2;
    const std::string world = argv[3];
    expect_denials();
    World places{.driver = world + "/driver",
                 .state = world + "/state",
                 .outside = world + "/outside",
                 .parent = ::getppid()};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, places.ends) != 0) return 2;
    confine_or_end(argv[1], places);
    return run(argv[2], places);
}
