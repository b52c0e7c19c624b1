#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/life_cycle.hpp"
#include "unit/core/scripted_module.hpp"

namespace instdrv::core {
namespace {

using ::testing::ElementsAre;
using testing::Received;
using testing::ScriptedLoader;
using testing::well_behaved;

class LeaseTest : public ::testing::Test {
protected:
    void SetUp() override {
        loader_["a"]->handler = [](const Received& call) { return well_behaved(call); };
    }
    void TearDown() override { loader_.forget_handlers(); }

    const OpenRequest request_{.name = "a", .module = {.file = "a"}};
    ScriptedLoader loader_;
    LifeCycle life_{loader_};
};

TEST_F(LeaseTest, LoadsWithoutOpeningAndUnloadsWhenItIsGivenBack) {
    auto lease = life_.lease(request_);
    ASSERT_TRUE(lease) << lease.error().text();
    EXPECT_THAT(loader_["a"]->messages(), ElementsAre(DRV_LOAD, DRV_ENABLE));
    lease->reset();
    EXPECT_THAT(loader_["a"]->messages(), ElementsAre(DRV_LOAD, DRV_ENABLE, DRV_DISABLE, DRV_FREE));
    EXPECT_EQ(loader_["a"]->unloaded, 1);
}

TEST_F(LeaseTest, KeepsTheModuleBetweenInstances) {
    auto lease = life_.lease(request_);
    const auto second = life_.lease(request_);
    ASSERT_TRUE(lease && second);
    for (int i = 0; i < 2; ++i) {
        const auto opened = life_.open(request_);
        ASSERT_TRUE(opened);
        ASSERT_TRUE(life_.close(*opened, 0, 0, CloseMode::ask));
    }
    lease->reset();
    EXPECT_THAT(loader_["a"]->messages(),
                ElementsAre(DRV_LOAD, DRV_ENABLE, DRV_OPEN, DRV_CLOSE, DRV_OPEN, DRV_CLOSE));
}

TEST_F(LeaseTest, LeavesTheModuleToItsInstances) {
    auto lease = life_.lease(request_);
    ASSERT_TRUE(lease);
    const auto opened = life_.open(request_);
    ASSERT_TRUE(opened);
    lease->reset();
    EXPECT_EQ(loader_["a"]->unloaded, 0);
    ASSERT_TRUE(life_.close(*opened, 0, 0, CloseMode::ask));
    EXPECT_EQ(loader_["a"]->unloaded, 1);
}

TEST_F(LeaseTest, DoesNotHoldUpTheExit) {
    auto lease = life_.lease(request_);
    ASSERT_TRUE(lease);
    ASSERT_TRUE(life_.begin_exit());
    const auto snapshot = life_.exit_snapshot(true);
    ASSERT_EQ(snapshot.modules.size(), 1u);
    for (const UINT message : {UINT{DRV_DISABLE}, UINT{DRV_FREE}, unloading_step})
        life_.exit_call({.message = message}, snapshot.modules[0]);
    EXPECT_EQ(loader_["a"]->unloaded, 1);
    EXPECT_EQ((*lease)->share().error().code, ErrorCode::exiting);
    lease->reset();
    EXPECT_EQ(life_.lease(request_).error().code, ErrorCode::exiting);
}

TEST_F(LeaseTest, SharesNothingThatRunsInThisProcess) {
    const auto lease = life_.lease(request_);
    ASSERT_TRUE(lease);
    EXPECT_EQ((*lease)->share().error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace instdrv::core
