// The registers of a thread as Windows lays them out in memory: CONTEXT for x64. RtlCaptureContext
// fills it, the unwinder changes it, exception handlers are handed it.
//
// https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-context
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace instdrv::pe {

// The numbers of the general registers in instructions and in unwind information, and their order
// in Context::registers.
enum class Register : std::uint8_t {
    rax,
    rcx,
    rdx,
    rbx,
    rsp,
    rbp,
    rsi,
    rdi,
    r8,
    r9,
    r10,
    r11,
    r12,
    r13,
    r14,
    r15
};

// Context::flags: which parts of a context are filled in.
inline constexpr std::uint32_t context_amd64 = 0x00100000;
inline constexpr std::uint32_t context_control = context_amd64 | 1;  // rip, rsp, eflags, cs, ss
inline constexpr std::uint32_t context_integer = context_amd64 | 2;  // the other general registers
inline constexpr std::uint32_t context_segments = context_amd64 | 4;
inline constexpr std::uint32_t context_floating_point = context_amd64 | 8;
inline constexpr std::uint32_t context_full =
    context_control | context_integer | context_floating_point;

struct alignas(16) Vector128 {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
};

// The data that the fxsave instruction stores (XMM_SAVE_AREA32).
struct FloatSaveArea {
    std::uint16_t control_word = 0;
    std::uint16_t status_word = 0;
    std::uint8_t tag_word = 0;
    std::uint8_t reserved1 = 0;
    std::uint16_t error_opcode = 0;
    std::uint32_t error_offset = 0;
    std::uint16_t error_selector = 0;
    std::uint16_t reserved2 = 0;
    std::uint32_t data_offset = 0;
    std::uint16_t data_selector = 0;
    std::uint16_t reserved3 = 0;
    std::uint32_t mxcsr = 0;
    std::uint32_t mxcsr_mask = 0;
    std::array<Vector128, 8> x87{};
    std::array<Vector128, 16> xmm{};
    std::array<std::uint8_t, 96> reserved4{};
};

struct Context {
    std::array<std::uint64_t, 6> home{};  // P1Home to P6Home: room for a callee's arguments
    std::uint32_t flags = 0;
    std::uint32_t mxcsr = 0;
    std::uint16_t cs = 0;
    std::uint16_t ds = 0;
    std::uint16_t es = 0;
    std::uint16_t fs = 0;
    std::uint16_t gs = 0;
    std::uint16_t ss = 0;
    std::uint32_t eflags = 0;
    std::array<std::uint64_t, 6> debug{};  // Dr0 to Dr3, Dr6, Dr7
    std::array<std::uint64_t, 16> registers{};
    std::uint64_t rip = 0;
    FloatSaveArea floating;
    std::array<Vector128, 26> vectors{};
    std::uint64_t vector_control = 0;
    std::uint64_t debug_control = 0;
    std::uint64_t last_branch_to = 0;
    std::uint64_t last_branch_from = 0;
    std::uint64_t last_exception_to = 0;
    std::uint64_t last_exception_from = 0;

    std::uint64_t& operator[](Register which) noexcept {
        return registers[static_cast<std::size_t>(which)];
    }
    std::uint64_t operator[](Register which) const noexcept {
        return registers[static_cast<std::size_t>(which)];
    }
};

static_assert(sizeof(FloatSaveArea) == 0x200);
static_assert(offsetof(FloatSaveArea, xmm) == 0xA0);
static_assert(offsetof(Context, flags) == 0x30);
static_assert(offsetof(Context, eflags) == 0x44);
static_assert(offsetof(Context, registers) == 0x78);
static_assert(offsetof(Context, rip) == 0xF8);
static_assert(offsetof(Context, floating) == 0x100);
static_assert(offsetof(Context, vectors) == 0x300);
static_assert(offsetof(Context, vector_control) == 0x4A0);
static_assert(sizeof(Context) == 0x4D0 && alignof(Context) == 16);

// Where the code of a context goes on.
inline const void* code_address(const Context& context) noexcept {
    return reinterpret_cast<const void*>(context.rip);
}

}  // namespace instdrv::pe
