// The kernel's interface to Landlock up to ABI 7, from landlock(7) and <linux/landlock.h>. Debian
// 12's own header ends at ABI 2.
#pragma once

#include <cstdint>

namespace instdrv::sandbox::landlock {

// Rights on files and folders: LANDLOCK_ACCESS_FS_*.
constexpr std::uint64_t execute = 1U << 0;
constexpr std::uint64_t write_file = 1U << 1;
constexpr std::uint64_t read_file = 1U << 2;
constexpr std::uint64_t read_dir = 1U << 3;
constexpr std::uint64_t remove_dir = 1U << 4;
constexpr std::uint64_t remove_file = 1U << 5;
constexpr std::uint64_t make_dir = 1U << 7;
constexpr std::uint64_t make_reg = 1U << 8;
constexpr std::uint64_t refer = 1U << 13;      // ABI 2: to rename into another folder
constexpr std::uint64_t truncate = 1U << 14;   // ABI 3
constexpr std::uint64_t ioctl_dev = 1U << 15;  // ABI 5

// The rights that apply to a file that is no folder.
constexpr std::uint64_t of_a_file = execute | write_file | read_file | truncate | ioctl_dev;

constexpr int newest_abi = 7;

// All that a version knows, to be forbidden unless a rule says otherwise.
constexpr std::uint64_t all_files(int abi) noexcept {
    constexpr std::uint64_t first = (1U << 13) - 1;
    std::uint64_t rights = first;
    if (abi >= 2) rights |= refer;
    if (abi >= 3) rights |= truncate;
    if (abi >= 5) rights |= ioctl_dev;
    return rights;
}
// Binding and connecting TCP sockets.
constexpr std::uint64_t all_network(int abi) noexcept { return abi >= 4 ? 3U : 0U; }
// Scopes, LANDLOCK_SCOPE_*: sockets and signals that stay among processes which share the
// confinement.
constexpr std::uint64_t abstract_sockets = 1U << 0;
constexpr std::uint64_t signals = 1U << 1;
constexpr std::uint64_t all_scopes(int abi) noexcept {
    return abi >= 6 ? abstract_sockets | signals : 0U;
}

// struct landlock_ruleset_attr. Older kernels take it too where what they do not know is 0.
struct RulesetAttributes {
    std::uint64_t handled_files = 0;
    std::uint64_t handled_network = 0;
    std::uint64_t scoped = 0;
};

}  // namespace instdrv::sandbox::landlock
