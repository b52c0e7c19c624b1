#include "winapi/exceptions/fault_registers.hpp"

#include <cstring>

namespace instdrv::winapi {
namespace {

constexpr unsigned error_write = 2;
constexpr unsigned error_instruction = 16;
constexpr greg_t flag_trap = 0x100;
constexpr greg_t flag_direction = 0x400;

}  // namespace

pe::Context windows_context(const ucontext_t& context) noexcept {
    const auto& from = context.uc_mcontext.gregs;
    const auto at = [&](int number) { return static_cast<std::uint32_t>(from[number]); };
    pe::Context to;
    to.flags = pe::context_control | pe::context_integer | pe::context_segments |
               pe::context_floating_point;
    to.gs = at(REG_GS);
    to.fs = at(REG_FS);
    to.es = at(REG_ES);
    to.ds = at(REG_DS);
    to.edi = at(REG_EDI);
    to.esi = at(REG_ESI);
    to.ebx = at(REG_EBX);
    to.edx = at(REG_EDX);
    to.ecx = at(REG_ECX);
    to.eax = at(REG_EAX);
    to.ebp = at(REG_EBP);
    to.eip = at(REG_EIP);
    to.cs = at(REG_CS);
    to.eflags = at(REG_EFL);
    to.esp = at(REG_ESP);
    to.ss = at(REG_SS);
    // What fnsave stores, and behind it what fxsave does, where the processor has that.
    const auto* const floats = reinterpret_cast<const std::byte*>(context.uc_mcontext.fpregs);
    std::memcpy(static_cast<void*>(&to.floating), floats, sizeof to.floating);
    constexpr std::uint32_t no_fxsave = 0xFFFF0000;
    if ((to.floating.spare & no_fxsave) == 0) {
        to.flags |= pe::context_extended;
        std::memcpy(to.extended.data(), floats + sizeof to.floating, to.extended.size());
    }
    return to;
}

Access faulting_access(const ucontext_t& context) noexcept {
    const auto error = static_cast<unsigned>(context.uc_mcontext.gregs[REG_ERR]);
    if ((error & error_instruction) != 0) return Access::execute;
    return (error & error_write) != 0 ? Access::write : Access::read;
}

std::uintptr_t code_pointer(const ucontext_t& context) noexcept {
    return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_EIP]);
}

std::uintptr_t stack_pointer(const ucontext_t& context) noexcept {
    return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_ESP]);
}

void step_back(pe::Context& context, unsigned bytes) noexcept { context.eip -= bytes; }

void redirect(ucontext_t& context, void (*function)(void*), void* argument,
              std::uintptr_t stack) noexcept {
    auto& to = context.uc_mcontext.gregs;
    const void* const call[] = {nullptr, argument};  // the return address, which is never used
    stack = (stack & ~std::uintptr_t{15}) - 16 - sizeof(void*);  // the argument is aligned
    std::memcpy(reinterpret_cast<void*>(stack), call, sizeof call);
    to[REG_EIP] = reinterpret_cast<greg_t>(function);
    to[REG_ESP] = static_cast<greg_t>(stack);
    to[REG_EFL] &= ~(flag_trap | flag_direction);
}

}  // namespace instdrv::winapi
