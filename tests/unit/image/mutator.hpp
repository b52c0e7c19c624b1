// Damages files at places drawn from a seeded generator: the same seed gives the same mutants.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace instdrv::test {

// A part of a file that is worth damaging.
struct FileRange {
    std::size_t offset = 0;
    std::size_t size = 0;
};

class Mutator {
public:
    explicit Mutator(std::uint32_t seed) : random_(seed) {}

    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
    }

    // Changes up to four places of the file, in the given ranges.
    void damage(std::vector<std::byte>& file, const std::vector<FileRange>& ranges) {
        const auto count = 1 + below(4);
        for (std::size_t i = 0; i < count; ++i) {
            const auto& range = ranges[below(ranges.size())];
            damage_at(file, range.offset + below(range.size));
        }
    }

private:
    // A flipped bit, or a number that is an edge of some kind, over 1, 2 or 4 bytes.
    void damage_at(std::vector<std::byte>& file, std::size_t offset) {
        constexpr std::array<std::uint32_t, 10> edges = {
            0, 1, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF, 0x1000};
        if (below(2) == 0) {
            file[offset] ^= static_cast<std::byte>(1u << below(8));
            return;
        }
        const auto value = edges[below(edges.size())];
        const std::size_t width = std::size_t{1} << below(3);
        for (std::size_t i = 0; i < width && offset + i < file.size(); ++i) {
            file[offset + i] = static_cast<std::byte>(value >> 8 * i);
        }
    }

    std::mt19937 random_;
};

}  // namespace instdrv::test
