// A small generator whose sequence is the same everywhere, so that a seed names a world for ever.
#pragma once

#include <cstdint>

namespace instdrv::stress {

// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
class Random {
public:
    explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

    std::uint64_t next() noexcept {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    // From 0 to limit - 1; limit > 0. The bias does not matter here.
    std::size_t below(std::size_t limit) noexcept { return next() % limit; }
    bool percent(unsigned chance) noexcept { return below(100) < chance; }

private:
    std::uint64_t state_;
};

}  // namespace instdrv::stress
