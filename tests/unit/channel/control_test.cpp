#include "channel/control.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace instdrv::channel {
namespace {

class ControlTest : public testing::Test {
protected:
    void SetUp() override {
        std::array<int, 2> ends{};
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
        supervisor_ = Fd(ends[0]);
        worker_ = Fd(ends[1]);
    }
    Fd supervisor_;
    Fd worker_;
};

TEST_F(ControlTest, CarriesNoticesInOrder) {
    ASSERT_TRUE(send_notice(worker_, {Notice::Kind::lane_used, 50}));
    ASSERT_TRUE(send_notice(worker_, {Notice::Kind::lane_used, 51}));
    EXPECT_EQ(receive_notice(supervisor_)->subject, 50u);
    EXPECT_EQ(receive_notice(supervisor_)->subject, 51u);
}

TEST_F(ControlTest, TellsThatTheOtherSideIsGone) {
    worker_ = Fd();
    EXPECT_FALSE(receive_notice(supervisor_));
    EXPECT_FALSE(send_notice(supervisor_, {Notice::Kind::lane_opened, 1}));
}

TEST_F(ControlTest, TakesNothingElseForANotice) {
    for (const std::string nonsense : {"x", "a message that is longer than a notice"}) {
        ASSERT_EQ(::send(worker_.get(), nonsense.data(), nonsense.size(), 0),
                  static_cast<ssize_t>(nonsense.size()));
        const auto notice = receive_notice(supervisor_);
        if (nonsense.size() < sizeof(Notice)) {
            EXPECT_FALSE(notice);
        }
    }
}

TEST_F(ControlTest, HandsADescriptorOver) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const Fd reader(pipe[0]);
    Fd writer(pipe[1]);
    ASSERT_TRUE(send_descriptor(supervisor_, writer));
    const auto received = receive_descriptor(worker_);
    ASSERT_TRUE(received) << received.error().text();
    writer = Fd();
    ASSERT_EQ(::write(received->get(), "!", 1), 1);
    char byte = 0;
    EXPECT_EQ(::read(reader.get(), &byte, 1), 1);
    EXPECT_EQ(byte, '!');
}

TEST_F(ControlTest, MissesADescriptorThatIsNotThere) {
    ASSERT_TRUE(send_notice(supervisor_, {Notice::Kind::lane_opened, 1}));
    const auto received = receive_descriptor(worker_);
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().code, ErrorCode::broken);
}

TEST_F(ControlTest, CarriesDescriptorsWithANotice) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const Fd reader(pipe[0]);
    Fd writer(pipe[1]);
    const std::array<int, 2> handed{writer.get(), reader.get()};
    ASSERT_TRUE(send_notice(supervisor_, {Notice::Kind::channel_added, 0}, handed));
    ASSERT_TRUE(send_notice(supervisor_, {Notice::Kind::lane_opened, 3}));
    std::array<Fd, most_descriptors> received;
    EXPECT_EQ(receive_notice(worker_, received)->kind, Notice::Kind::channel_added);
    ASSERT_TRUE(received[0] && received[1]);
    ASSERT_EQ(::write(received[0].get(), "!", 1), 1);
    char byte = 0;
    EXPECT_EQ(::read(received[1].get(), &byte, 1), 1);
    EXPECT_EQ(receive_notice(worker_, received)->subject, 3u);
}

TEST_F(ControlTest, ClosesDescriptorsThatNobodyAskedFor) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const Fd reader(pipe[0]);
    Fd writer(pipe[1]);
    const std::array<int, 1> handed{writer.get()};
    ASSERT_TRUE(send_notice(worker_, {Notice::Kind::lane_used, 50}, handed));
    ASSERT_TRUE(receive_notice(supervisor_));
    writer = Fd();
    char byte = 0;
    EXPECT_EQ(::read(reader.get(), &byte, 1), 0) << "somebody still has the other end";
}

}  // namespace
}  // namespace instdrv::channel
