// The two machines that workers are built for.
#pragma once

#include <cstdint>

// GCC's GNU dialects define it when they compile for that machine.
#undef i386

namespace instdrv::sandbox {

enum class Architecture : std::uint32_t { amd64 = 1, i386 = 2 };

// The architecture of the program that this is compiled into.
constexpr Architecture own_architecture =
    sizeof(void*) == 8 ? Architecture::amd64 : Architecture::i386;

}  // namespace instdrv::sandbox
