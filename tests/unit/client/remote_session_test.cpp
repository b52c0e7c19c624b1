#include "client/remote_session.hpp"

#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "service/host_protocol.hpp"

namespace instdrv::client {
namespace {

using service::handle_of;

TEST(InstanceIds, KnowWhatIsOpenAndNothingElse) {
    InstanceIds ids;
    EXPECT_EQ(ids.find(handle_of(1)), std::nullopt);
    ids.opened(handle_of(1), 17);
    EXPECT_EQ(ids.find(handle_of(1)), 17u);
    EXPECT_EQ(ids.find(handle_of(2)), std::nullopt);
    EXPECT_EQ(ids.closed(handle_of(1)), 17u);
    EXPECT_EQ(ids.find(handle_of(1)), std::nullopt);
}

// Of a close by the driver and one by force, one tells the session.
TEST(InstanceIds, AreGivenUpOnce) {
    for (int round = 0; round < 200; ++round) {
        InstanceIds ids;
        ids.opened(handle_of(1), 17);
        std::atomic<int> told = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                if (ids.closed(handle_of(1))) ++told;
            });
        }
        for (auto& thread : threads)
            thread.join();
        EXPECT_EQ(told, 1);
    }
}

TEST(RemoteSession, SaysWhereThereIsNone) {
    ::setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/user", 1);
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/system", 1);
    const auto session = RemoteSession::connect();
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace instdrv::client
