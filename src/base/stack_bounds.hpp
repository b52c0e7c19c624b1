// The bounds of a thread's stack.
#pragma once

#include <cstddef>
#include <cstdint>

namespace instdrv {

struct StackBounds {
    std::uintptr_t lowest = 0;
    std::uintptr_t highest = 0;  // of the byte behind it

    [[nodiscard]] bool contains(std::uint64_t address, std::size_t size) const noexcept {
        return address >= lowest && address <= highest && size <= highest - address;
    }
};

// The calling thread's; nothing where the system does not tell. Takes memory: not for signal
// handlers.
StackBounds find_stack_bounds() noexcept;

}  // namespace instdrv
