#include "supervisor/history.hpp"

#include <gmock/gmock.h>

namespace instdrv::supervisor {
namespace {

using testing::HasSubstr;

TEST(History, KeepsTheLastMessagesInOrder) {
    History history;
    for (UINT i = 0; i < History::length + 5; ++i) {
        history.add({.family = messages::Family::standard,
                     .message = DRV_USER + i,
                     .hdrvr = i,
                     .lparam1 = 0,
                     .lparam2 = 0});
    }
    const auto lines = history.lines();
    ASSERT_EQ(lines.size(), History::length);
    EXPECT_THAT(lines.front(), HasSubstr("hdrvr=0x5 "));
    EXPECT_THAT(lines.back(), HasSubstr("hdrvr=0x24 "));
}

TEST(History, NamesMessagesAsTheirDriverKnowsThem) {
    History history;
    history.add({.family = messages::Family::acm,
                 .message = DRV_USER + 0x2000 + 79,
                 .hdrvr = 1,
                 .lparam1 = 2,
                 .lparam2 = 3});
    EXPECT_THAT(history.lines().front(), HasSubstr("ACMDM_STREAM_CONVERT"));
}

}  // namespace
}  // namespace instdrv::supervisor
