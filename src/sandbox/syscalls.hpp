// The names of system calls by their numbers, and advice on what would allow a denied one. Not
// linked into workers: uses libseccomp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sandbox/architecture.hpp"

namespace instdrv::sandbox {

// si_arch of a SIGSYS's siginfo_t (AUDIT_ARCH_*) to Architecture. A 64-bit worker that enters the
// kernel as a 32-bit one shows up as i386 here. Anything else counts as `otherwise`.
Architecture architecture_of(std::uint32_t audit_architecture, Architecture otherwise) noexcept;

// "socket"; "system call 1234" where the number has no name. x32 calls of amd64, which have the bit
// 0x40000000, are named "x32 socket".
std::string name_of_syscall(std::int32_t number, Architecture architecture);

// For a report of a denied call, what its user can do about it, as an Error's advice: that nothing
// allows it, or that no setting does, and which call of a PolicyBuilder would. architecture: of the
// call; worker: of the program.
std::string what_would_allow(std::int32_t number, Architecture architecture, Architecture worker);

}  // namespace instdrv::sandbox
