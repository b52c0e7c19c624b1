// Runs a program where Landlock answers with an errno, as on another kernel or in a container.
//
//   without_landlock ERRNO PROGRAM [ARGUMENT...]
#include <cstdlib>

#include <seccomp.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    const auto answer = SCMP_ACT_ERRNO(static_cast<unsigned>(std::atoi(argv[1])));
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (seccomp_rule_add(filter, answer, SCMP_SYS(landlock_create_ruleset), 0) != 0) return 2;
    if (seccomp_load(filter) != 0) return 2;
    ::execv(argv[2], argv + 2);
    return 2;
}
