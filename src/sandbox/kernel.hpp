// Finds out which layers the running kernel offers to a process without privileges.
#pragma once

namespace instdrv::sandbox {

struct KernelSupport {
    int landlock_abi = 0;    // 0: none
    int landlock_error = 0;  // errno, where there is none
    int seccomp_error = 0;   // errno, where filters are not to be had

    [[nodiscard]] bool has_seccomp() const noexcept { return seccomp_error == 0; }
};

// Asks the kernel. Changes nothing. [any thread]
KernelSupport kernel_support() noexcept;

}  // namespace instdrv::sandbox
