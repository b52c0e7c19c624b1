// The record that a worker leaves in the crash area when it dies of a signal. Its signal handler
// writes the record; its supervisor reads it once the worker is dead. Plain numbers and bytes, the
// same in 32 and 64 bits.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "channel/layout.hpp"

namespace instdrv::channel {

// The code of a SIGSYS that a filter of system calls raised: SYS_SECCOMP of
// <asm-generic/siginfo.h>, which the C library's headers lack.
constexpr std::uint32_t code_of_denials = 1;

struct CrashFrame {
    alignas(8) std::uint64_t address = 0;  // of the instruction, in the worker
    alignas(8) std::uint64_t offset = 0;   // the same from the beginning of its image (RVA)
    std::array<char, 64> image{};          // file name, empty where no image is there; cut to fit
};

struct CrashRecord {
    static constexpr std::size_t most_frames = 64;

    std::uint32_t signal = 0;         // SIGSEGV and the like
    std::uint32_t code = 0;           // si_code
    std::uint32_t system_call = 0;    // SIGSYS of a filter: its number
    std::uint32_t architecture = 0;   // SIGSYS of a filter: AUDIT_ARCH_*
    std::uint32_t out_of_memory = 0;  // not 0: there was no memory left
    std::uint32_t frame_count = 0;
    alignas(8) std::uint64_t address = 0;          // si_addr: what was touched
    std::array<CrashFrame, most_frames> frames{};  // innermost first
};

static_assert(std::is_trivially_copyable_v<CrashRecord>);
static_assert(sizeof(CrashFrame) == 80 && sizeof(CrashRecord) == 32 + 64 * 80);
static_assert(sizeof(CrashRecord) <= sizeof(CrashArea));

}  // namespace instdrv::channel
