// What processes are and take of the machine, from /proc. Where none is named: this one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sys/types.h>

namespace instdrv::test {

std::vector<pid_t> children(pid_t process);
std::size_t threads();
std::size_t open_descriptors();
std::uint64_t resident_bytes(pid_t process);
// Memory of a process that nobody shares with it, bytes; 0 where it may not be looked at.
std::uint64_t private_bytes(pid_t process);

}  // namespace instdrv::test
