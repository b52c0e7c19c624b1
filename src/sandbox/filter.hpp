// Compiles rules to a seccomp filter, through libseccomp.
#pragma once

#include <span>
#include <vector>

#include <instdrv/error.hpp>

#include "sandbox/architecture.hpp"
#include "sandbox/call_table.hpp"
#include "sandbox/plan.hpp"

namespace instdrv::sandbox {

// libseccomp's number of an architecture, SCMP_ARCH_*.
std::uint32_t token_of(Architecture architecture) noexcept;

// Has the architecture a system call of this name?
bool exists(const char* name, Architecture architecture) noexcept;

// A filter that carries out the rules and answers everything else, calls of other architectures and
// x32 calls included, with SIGSYS. Rules for calls that the architecture does not have are left
// out. Fails for names that are no system calls.
Result<std::vector<FilterInstruction>> compile_filter(Architecture architecture,
                                                      std::span<const CallRule> rules);

}  // namespace instdrv::sandbox
