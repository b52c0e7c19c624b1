#include "worker/open_instances.hpp"

#include <atomic>
#include <future>

#include <gtest/gtest.h>

namespace instdrv::worker {
namespace {

class Nothing final : public core::Module {
public:
    core::Answer call(const core::Target&, UINT, LPARAM, LPARAM) noexcept override { return {}; }
    [[nodiscard]] HMODULE handle() const noexcept override { return nullptr; }
    [[nodiscard]] std::string_view kind() const noexcept override { return "nothing"; }
    [[nodiscard]] bool is_windows() const noexcept override { return false; }
};

class OpenInstancesTest : public testing::Test {
protected:
    static constexpr std::uint32_t client = 7;

    bool lets_in(std::uint64_t name, std::uint32_t channel = client) {
        return OpenInstances::Visit(instances_, name, channel).instance().has_value();
    }

    Nothing module_;
    OpenInstances instances_;
};

TEST_F(OpenInstancesTest, LetClientsInToWhatIsOpenAlone) {
    EXPECT_FALSE(lets_in(0x1000));
    instances_.opened(0x1000, {&module_, 42, client});
    {
        const OpenInstances::Visit visit(instances_, 0x1000, client);
        ASSERT_TRUE(visit.instance());
        EXPECT_EQ(visit.instance()->module, &module_);
        EXPECT_EQ(visit.instance()->driver_id, 42u);
    }
    EXPECT_FALSE(lets_in(0x1004));
    instances_.closed(0x1000);
    EXPECT_FALSE(lets_in(0x1000));
}

TEST_F(OpenInstancesTest, LetAClientIntoItsOwnAlone) {
    instances_.opened(0x1000, {&module_, 1, client});
    instances_.opened(0x1004, {&module_, 2, client + 1});
    instances_.opened(0x1008, {&module_, 3, 0});
    EXPECT_TRUE(lets_in(0x1000));
    EXPECT_FALSE(lets_in(0x1000, client + 1));
    EXPECT_EQ(instances_.channel_of(0x1004), client + 1);
    EXPECT_EQ(instances_.channel_of(0x100C), 0u);
    EXPECT_FALSE(lets_in(0x1004));
    EXPECT_FALSE(lets_in(0x1008)) << "the session's";
}

TEST_F(OpenInstancesTest, LetNobodyInWhileOneIsBeingClosed) {
    instances_.opened(0x1000, {&module_, 1, client});
    instances_.shut(0x1000);
    EXPECT_FALSE(lets_in(0x1000));
    instances_.admit(0x1000);
    EXPECT_TRUE(lets_in(0x1000)) << "the driver refused to be closed";
}

TEST_F(OpenInstancesTest, WaitForClientsThatAreInside) {
    instances_.opened(0x1000, {&module_, 1, client});
    std::atomic<bool> shut{false};
    std::future<void> closer;
    {
        const OpenInstances::Visit visit(instances_, 0x1000, client);
        closer = std::async(std::launch::async, [&] {
            instances_.shut(0x1000);
            shut = true;
        });
        // Once nobody is let in any more the closer is waiting.
        while (lets_in(0x1000)) {
        }
        EXPECT_FALSE(shut);
    }
    closer.get();
    EXPECT_TRUE(shut);
}

// A driver that refuses DRV_CLOSE in the exit is disabled all the same.
TEST_F(OpenInstancesTest, LetNobodyBeInAModuleThatIsDisabledOrUnloaded) {
    Nothing other;
    instances_.opened(0x1000, {&module_, 1, client});
    instances_.opened(0x1004, {&module_, 2, client});
    instances_.opened(0x1008, {&other, 3, client});
    for (const bool unloads : {false, true}) {
        std::atomic<bool> shut{false};
        std::future<void> disabler;
        {
            const OpenInstances::Visit visit(instances_, 0x1004, client);
            ASSERT_TRUE(visit.instance());
            disabler = std::async(std::launch::async, [&] {
                unloads ? instances_.forget(module_) : instances_.shut(module_);
                shut = true;
            });
            while (lets_in(0x1000)) {
            }
            EXPECT_FALSE(shut);
        }
        disabler.get();
        EXPECT_FALSE(lets_in(0x1004));
        EXPECT_TRUE(lets_in(0x1008));
        instances_.admit(0x1000);
        instances_.admit(0x1004);
    }
}

TEST_F(OpenInstancesTest, DoNotWaitForTheThreadThatCloses) {
    instances_.opened(0x1000, {&module_, 1, client});
    const OpenInstances::Visit visit(instances_, 0x1000, client);
    instances_.shut(0x1000);  // a driver that closes its own instance from inside a client's call
    EXPECT_FALSE(lets_in(0x1000));
}

TEST_F(OpenInstancesTest, ForgetWhatAnUnloadedModuleHad) {
    Nothing other;
    instances_.opened(0x1000, {&module_, 1, client});
    instances_.opened(0x1004, {&other, 1, client});
    instances_.forget(module_);
    EXPECT_FALSE(lets_in(0x1000));
    EXPECT_TRUE(lets_in(0x1004));
}

}  // namespace
}  // namespace instdrv::worker
