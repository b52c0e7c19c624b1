#include "channel/arena.hpp"

#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace instdrv::channel {
namespace {

class ArenaTest : public testing::Test {
protected:
    alignas(Arena::alignment) std::array<std::byte, 64 * 64> memory_{};
    Arena arena_{memory_};
};

TEST_F(ArenaTest, GivesAlignedPiecesThatDoNotOverlap) {
    const auto first = arena_.take(1);
    const auto second = arena_.take(100);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(second->data()) % Arena::alignment, 0u);
    EXPECT_GE(second->size(), 100u);
    EXPECT_GE(second->data(), first->data() + first->size());
    EXPECT_TRUE(arena_.contains(second->data(), second->size()));
    EXPECT_FALSE(arena_.contains(second->data(), memory_.size()));
}

TEST_F(ArenaTest, RefusesWhatDoesNotFit) {
    EXPECT_FALSE(arena_.take(memory_.size() + 1));
    EXPECT_FALSE(arena_.take(SIZE_MAX));
    ASSERT_TRUE(arena_.take(memory_.size()));
    EXPECT_FALSE(arena_.take(1));
}

TEST_F(ArenaTest, IsWholeAgainWhenEverythingWasGivenBack) {
    std::mt19937 random(7);
    std::vector<std::span<std::byte>> pieces;
    for (int i = 0; i < 10'000; ++i) {
        if (random() % 2 == 0) {
            if (const auto piece = arena_.take(random() % 300)) pieces.push_back(*piece);
        } else if (!pieces.empty()) {
            const auto chosen = pieces.begin() + static_cast<long>(random() % pieces.size());
            arena_.give_back(*chosen);
            pieces.erase(chosen);
        }
    }
    for (const auto piece : pieces)
        arena_.give_back(piece);
    EXPECT_EQ(arena_.in_use(), 0u);
    EXPECT_TRUE(arena_.take(memory_.size())) << "it is one stretch again";
}

TEST_F(ArenaTest, IgnoresWhatItDidNotGive) {
    const auto piece = arena_.take(64);
    ASSERT_TRUE(piece);
    arena_.give_back(piece->subspan(1));
    EXPECT_EQ(arena_.in_use(), 64u);
    arena_.give_back(*piece);
    arena_.give_back(*piece);
    EXPECT_EQ(arena_.in_use(), 0u);
}

}  // namespace
}  // namespace instdrv::channel
