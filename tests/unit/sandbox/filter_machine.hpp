// Classic BPF as the kernel runs it on a system call, for filters to be asked without one.
// https://docs.kernel.org/userspace-api/seccomp_filter.html
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "sandbox/plan.hpp"

namespace instdrv::sandbox {

struct SystemCall {
    std::uint32_t audit_architecture = 0;
    std::uint32_t number = 0;
    std::array<std::uint64_t, 6> arguments{};
};

// SECCOMP_RET_*, with its data. Throws where the program does what the kernel would refuse.
std::uint32_t verdict_of(std::span<const FilterInstruction> filter, const SystemCall& call);

}  // namespace instdrv::sandbox
