#include "winapi/exceptions/fault_registers.hpp"

#include <cstring>

namespace instdrv::winapi {
namespace {

constexpr unsigned long error_write = 2;
constexpr unsigned long error_instruction = 16;
constexpr greg_t flag_trap = 0x100;
constexpr greg_t flag_direction = 0x400;

// In the order of pe::Register.
constexpr int registers[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                             REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                             REG_R12, REG_R13, REG_R14, REG_R15};

}  // namespace

pe::Context windows_context(const ucontext_t& context) noexcept {
    const auto& from = context.uc_mcontext.gregs;
    pe::Context to;
    to.flags = pe::context_full | pe::context_segments;
    for (std::size_t i = 0; i < to.registers.size(); ++i)
        to.registers[i] = static_cast<std::uint64_t>(from[registers[i]]);
    to.rip = static_cast<std::uint64_t>(from[REG_RIP]);
    to.eflags = static_cast<std::uint32_t>(from[REG_EFL]);
    to.cs = static_cast<std::uint16_t>(from[REG_CSGSFS]);
    static_assert(sizeof(*context.uc_mcontext.fpregs) == sizeof to.floating);
    std::memcpy(static_cast<void*>(&to.floating), context.uc_mcontext.fpregs, sizeof to.floating);
    to.mxcsr = to.floating.mxcsr;
    return to;
}

Access faulting_access(const ucontext_t& context) noexcept {
    const auto error = static_cast<unsigned long>(context.uc_mcontext.gregs[REG_ERR]);
    if ((error & error_instruction) != 0) return Access::execute;
    return (error & error_write) != 0 ? Access::write : Access::read;
}

std::uintptr_t code_pointer(const ucontext_t& context) noexcept {
    return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
}

std::uintptr_t stack_pointer(const ucontext_t& context) noexcept {
    return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RSP]);
}

void step_back(pe::Context& context, unsigned bytes) noexcept { context.rip -= bytes; }

void redirect(ucontext_t& context, void (*function)(void*), void* argument,
              std::uintptr_t stack) noexcept {
    auto& to = context.uc_mcontext.gregs;
    stack = (stack & ~std::uintptr_t{15}) - sizeof(void*);  // as a call leaves it
    std::memset(reinterpret_cast<void*>(stack), 0, sizeof(void*));
    to[REG_RIP] = reinterpret_cast<greg_t>(function);
    to[REG_RDI] = reinterpret_cast<greg_t>(argument);
    to[REG_RSP] = static_cast<greg_t>(stack);
    to[REG_EFL] &= ~(flag_trap | flag_direction);
}

}  // namespace instdrv::winapi
