#include <cstring>
#include <optional>

#include "worker/stack_walk.hpp"

namespace instdrv::worker {
namespace {

std::optional<std::uint32_t> word_at(const StackBounds& stack, std::uint64_t address) noexcept {
    std::uint32_t value = 0;
    if (!stack.contains(address, sizeof value)) return std::nullopt;
    std::memcpy(&value, reinterpret_cast<const void*>(static_cast<std::uintptr_t>(address)),
                sizeof value);
    return value;
}

}  // namespace

std::size_t walk_stack(const ucontext_t& stopped, std::span<channel::CrashFrame> out) noexcept {
    const auto& registers = stopped.uc_mcontext.gregs;
    const StackBounds stack = stack_bounds();
    auto frame = static_cast<std::uint32_t>(registers[REG_EBP]);
    auto instruction = static_cast<std::uint32_t>(registers[REG_EIP]);
    std::size_t count = 0;
    while (count < out.size() && instruction != 0) {
        out[count] = frame_at(instruction);
        const bool known = out[count].image[0] != '\0';
        ++count;
        if (!known && count == 1) {
            // A jump into nowhere is a call whose return address still lies on top of the stack.
            const auto target = word_at(stack, static_cast<std::uint32_t>(registers[REG_ESP]));
            instruction = target.value_or(0);
            continue;
        }
        const auto outer = word_at(stack, frame);
        const auto target = word_at(stack, std::uint64_t{frame} + sizeof frame);
        if (!outer || !target || *outer <= frame) break;
        frame = *outer;
        instruction = *target;
    }
    return count;
}

}  // namespace instdrv::worker
