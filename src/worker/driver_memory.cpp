#include "worker/driver_memory.hpp"

#include <cerrno>
#include <ctime>
#include <limits>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace instdrv::worker {
namespace {

constexpr std::uint64_t page_size = 4096;

// futex(2) reads the word that it is to wait on, and says so when it cannot.
bool is_readable(std::uint64_t address) noexcept {
    constexpr std::uint64_t word_mask = ~std::uint64_t{3};
    const timespec at_once{};
    const auto word = static_cast<std::uintptr_t>(address & word_mask);
    const long result = ::syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, &at_once, nullptr, 0);
    return result == 0 || errno != EFAULT;
}

}  // namespace

bool DriverMemory::try_read(std::uint64_t address, std::span<std::byte> out) const {
    constexpr std::uint64_t highest = std::numeric_limits<std::uintptr_t>::max();
    if (address > highest || out.size() > highest - address) return false;
    const std::uint64_t end = address + out.size();
    for (std::uint64_t at = address; at < end; at = (at / page_size + 1) * page_size) {
        if (!is_readable(at)) return false;
    }
    return memory_.read(address, out).has_value();
}

}  // namespace instdrv::worker
