// The registers of a thread as Windows lays them out in memory: CONTEXT for x86.
//
// https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-context
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace instdrv::pe {

// Context::flags: which parts of a context are filled in.
inline constexpr std::uint32_t context_i386 = 0x00010000;
inline constexpr std::uint32_t context_control = context_i386 | 1;  // ebp, eip, cs, eflags, esp, ss
inline constexpr std::uint32_t context_integer = context_i386 | 2;  // the other general registers
inline constexpr std::uint32_t context_segments = context_i386 | 4;
inline constexpr std::uint32_t context_floating_point = context_i386 | 8;
inline constexpr std::uint32_t context_extended = context_i386 | 0x20;

// The data that the fnsave instruction stores (FLOATING_SAVE_AREA).
struct FloatSaveArea {
    std::uint32_t control_word = 0;
    std::uint32_t status_word = 0;
    std::uint32_t tag_word = 0;
    std::uint32_t error_offset = 0;
    std::uint32_t error_selector = 0;
    std::uint32_t data_offset = 0;
    std::uint32_t data_selector = 0;
    std::array<std::uint8_t, 80> registers{};
    std::uint32_t spare = 0;
};

struct Context {
    std::uint32_t flags = 0;
    std::array<std::uint32_t, 6> debug{};  // Dr0 to Dr3, Dr6, Dr7
    FloatSaveArea floating;
    std::uint32_t gs = 0;
    std::uint32_t fs = 0;
    std::uint32_t es = 0;
    std::uint32_t ds = 0;
    std::uint32_t edi = 0;
    std::uint32_t esi = 0;
    std::uint32_t ebx = 0;
    std::uint32_t edx = 0;
    std::uint32_t ecx = 0;
    std::uint32_t eax = 0;
    std::uint32_t ebp = 0;
    std::uint32_t eip = 0;
    std::uint32_t cs = 0;
    std::uint32_t eflags = 0;
    std::uint32_t esp = 0;
    std::uint32_t ss = 0;
    std::array<std::byte, 512> extended{};  // what the fxsave instruction stores
};

static_assert(sizeof(FloatSaveArea) == 0x70);
static_assert(offsetof(Context, floating) == 0x1C);
static_assert(offsetof(Context, gs) == 0x8C);
static_assert(offsetof(Context, edi) == 0x9C);
static_assert(offsetof(Context, ebp) == 0xB4);
static_assert(offsetof(Context, esp) == 0xC4);
static_assert(offsetof(Context, extended) == 0xCC);
static_assert(sizeof(Context) == 0x2CC);

// Where the code of a context goes on.
inline const void* code_address(const Context& context) noexcept {
    return reinterpret_cast<const void*>(context.eip);
}

}  // namespace instdrv::pe
