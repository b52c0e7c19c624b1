#include "sandbox/kernel.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/landlock.hpp"

namespace instdrv::sandbox {

KernelSupport kernel_support() noexcept {
    KernelSupport support;
    const long abi =
        ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi > 0) support.landlock_abi = std::min(static_cast<int>(abi), landlock::newest_abi);
    if (abi <= 0) support.landlock_error = errno;
    std::uint32_t action = SECCOMP_RET_TRAP;
    if (::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) != 0) {
        support.seccomp_error = errno;
    }
    return support;
}

}  // namespace instdrv::sandbox
