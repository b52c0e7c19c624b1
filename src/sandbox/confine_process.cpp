#include "sandbox/confine_layers.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.hpp"

namespace instdrv::sandbox {
namespace {

// Numbers go up to the last that the kernel knows.
int empty_bounding_set() {
    for (unsigned long number = 0;; ++number) {
        const int held = ::prctl(PR_CAPBSET_READ, number, 0UL, 0UL, 0UL);
        if (held < 0) return 0;
        if (held == 0 || ::prctl(PR_CAPBSET_DROP, number, 0UL, 0UL, 0UL) == 0) continue;
        return errno == EPERM ? 0 : errno;
    }
}

}  // namespace

int drop_capabilities() {
    if (const int error = empty_bounding_set(); error != 0) return error;
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0UL, 0UL, 0UL) != 0) return errno;
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    const std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
    return ::syscall(SYS_capset, &header, none.data()) == 0 ? 0 : errno;
}

int raise_oom_score_adj(std::int32_t& score) {
    constexpr std::int32_t step = 300, highest = 1000;
    const Fd file(::open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC));
    if (!file) return errno;
    std::array<char, 16> text{};
    const auto length = ::pread(file.get(), text.data(), text.size(), 0);
    if (length < 0) return errno;
    std::int32_t now = 0;
    if (std::from_chars(text.data(), text.data() + length, now).ec != std::errc()) return EINVAL;
    score = std::min(now + step, highest);
    const auto* const end = std::to_chars(text.data(), text.data() + text.size(), score).ptr;
    const auto size = end - text.data();
    return ::pwrite(file.get(), text.data(), static_cast<std::size_t>(size), 0) == size ? 0 : errno;
}

}  // namespace instdrv::sandbox
