// How much memory is in use at most while an object lives, beyond what was before. One at a time.
#pragma once

#include <cstddef>

namespace instdrv::fuzz {

class MemoryPeak {
public:
    MemoryPeak();
    MemoryPeak(const MemoryPeak&) = delete;
    MemoryPeak& operator=(const MemoryPeak&) = delete;
    [[nodiscard]] std::size_t bytes() const noexcept;
};

// Ends the target where reading `size` bytes of a file has taken more than they may cost.
void require_in_proportion(const MemoryPeak& peak, std::size_t size);

}  // namespace instdrv::fuzz
