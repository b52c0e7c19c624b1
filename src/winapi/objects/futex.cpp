#include "winapi/objects/futex.hpp"

#include <cerrno>
#include <climits>
#include <ctime>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace instdrv::winapi {

bool futex_wait(const std::uint32_t* word, std::uint32_t expected,
                std::optional<std::uint32_t> timeout_ms) noexcept {
    timespec limit{};
    if (timeout_ms) {
        limit.tv_sec = *timeout_ms / 1000;
        limit.tv_nsec = static_cast<long>(*timeout_ms % 1000) * 1'000'000;
    }
    const long result = ::syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected,
                                  timeout_ms ? &limit : nullptr, nullptr, 0);
    return result == 0 || errno != ETIMEDOUT;
}

void futex_wake_one(const std::uint32_t* word) noexcept {
    ::syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void futex_wake_all(const std::uint32_t* word) noexcept {
    ::syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace instdrv::winapi
