#include "supervisor/channel_memory.hpp"

#include <cstring>
#include <vector>

#include <gtest/gtest.h>

namespace instdrv::supervisor {
namespace {

// Of a client's channel: what the worker is asked to map, and where it says that it has it.
class ClientsChannelMemory : public testing::Test {
protected:
    static constexpr std::uint64_t worker_base = 0x4000'0000;

    std::uint64_t mapped() const {
        std::uint64_t sum = 0;
        for (const auto& [offset, size] : asked_)
            sum += size;
        return sum;
    }

    channel::Region region_ = channel::Region::create(channel::client_region_size).value();
    channel::Start::Answer facts_{.pointer_size = 4, .base = 0x1000'0000, .channel = 1};
    std::vector<std::pair<std::uint64_t, std::uint64_t>> asked_;
    std::optional<Error> refusal_;
    ChannelMemory memory_{
        region_, facts_, [this](std::uint64_t offset, std::uint64_t size) -> Result<std::uint64_t> {
            if (refusal_) return failure(*refusal_);
            asked_.emplace_back(offset, size);
            return worker_base + offset;
        }};
};

TEST_F(ClientsChannelMemory, NeedsNoMoreForSmallThings) {
    const auto block = memory_.take(100'000);
    ASSERT_TRUE(block);
    EXPECT_EQ(block->there,
              facts_.base + static_cast<std::uint64_t>(block->here.data() - region_.base()));
    EXPECT_TRUE(asked_.empty());
}

TEST_F(ClientsChannelMemory, GrowsWithWhatIsSent) {
    constexpr std::size_t size = std::size_t{5} << 20;
    const auto block = memory_.take(size);
    ASSERT_TRUE(block) << block.error().text();
    ASSERT_EQ(asked_.size(), 1u);
    const auto offset = static_cast<std::uint64_t>(block->here.data() - region_.base());
    EXPECT_EQ(block->there, worker_base + offset);
    EXPECT_LE(mapped(), size + channel::Region::page);
    EXPECT_EQ(memory_.there(reinterpret_cast<std::uintptr_t>(block->here.data()) + 7, 100),
              block->there + 7);
    memory_.give_back(*block);
    EXPECT_EQ(memory_.in_use(), 0u);
    ASSERT_TRUE(memory_.take(size));
    EXPECT_EQ(asked_.size(), 1u) << "what was mapped stays";
}

TEST_F(ClientsChannelMemory, ReachesAllOfTheRegionInFewSteps) {
    constexpr std::size_t size = std::size_t{300} << 10;
    std::size_t taken = 0;
    std::vector<messages::Block> blocks;
    for (auto block = memory_.take(size); block; block = memory_.take(size)) {
        std::memset(block->here.data(), 1, size);
        taken += size;
    }
    EXPECT_GT(taken, region_.supervisor_arena().size() / 8 * 7);
    EXPECT_LE(asked_.size(), 7u);
    for (const auto& [offset, bytes] : asked_) {
        EXPECT_EQ(offset % channel::Region::page, 0u);
        EXPECT_EQ(bytes % channel::Region::page, 0u);
    }
}

TEST_F(ClientsChannelMemory, SaysWhatTheWorkerSaysWhereItHasNoRoom) {
    refusal_ = Error{.code = ErrorCode::out_of_memory, .cause = "there are too many programs"};
    const auto block = memory_.take(std::size_t{2} << 20);
    ASSERT_FALSE(block);
    EXPECT_EQ(block.error().cause, refusal_->cause);
    EXPECT_TRUE(memory_.take(1000)) << "what is mapped goes on";
    refusal_.reset();
    EXPECT_TRUE(memory_.take(std::size_t{2} << 20)) << "and it is asked again";
}

}  // namespace
}  // namespace instdrv::supervisor
