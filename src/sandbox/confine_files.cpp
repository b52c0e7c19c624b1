#include "sandbox/confine_layers.hpp"

#include <cerrno>

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "sandbox/landlock.hpp"

namespace instdrv::sandbox {
namespace {

int make_folders(const std::string& path) {
    constexpr mode_t of_the_user_alone = 0700;
    for (auto end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const int result = ::mkdir(path.substr(0, end).c_str(), of_the_user_alone);
        if (result != 0 && errno != EEXIST) return errno;
        if (end == std::string::npos) return 0;
    }
}

// What the file system has no objection to: rights on folders only where the path is one.
int rights_on(int fd, std::uint64_t wanted, std::uint64_t& rights) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return errno;
    rights = S_ISDIR(status.st_mode) ? wanted : wanted & landlock::of_a_file;
    return 0;
}

int add_rule(int ruleset, const PathRule& rule) {
    if (rule.missing == Missing::create) {
        if (const int error = make_folders(rule.path); error != 0) return error;
    }
    Fd place(::open(rule.path.c_str(), O_PATH | O_CLOEXEC));
    if (!place) return errno == ENOENT && rule.missing == Missing::skip ? 0 : errno;
    landlock_path_beneath_attr attributes{.allowed_access = 0, .parent_fd = place.get()};
    std::uint64_t rights = 0;
    if (const int error = rights_on(place.get(), rule.access, rights); error != 0) return error;
    attributes.allowed_access = rights;
    if (::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &attributes, 0) !=
        0) {
        return errno;
    }
    if (rule.keep_open) place.release();
    return 0;
}

}  // namespace

int restrict_files(const Plan& plan) {
    const landlock::RulesetAttributes attributes{.handled_files = plan.handled_files,
                                                 .handled_network = plan.handled_network,
                                                 .scoped = plan.scoped};
    const Fd ruleset(static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
    if (!ruleset) return errno;
    for (const auto& rule : plan.paths) {
        if (const int error = add_rule(ruleset.get(), rule); error != 0) return error;
    }
    return ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0 ? 0 : errno;
}

}  // namespace instdrv::sandbox
