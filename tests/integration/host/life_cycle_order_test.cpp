// The recording driver's own account of what it was sent, including the end of a session.
#include <cstdlib>

#include <gmock/gmock.h>

#include "base/text.hpp"
#include "driver_files.hpp"
#include "drivers/journal.h"
#include "messages/catalog.hpp"
#include "winapi/process/environment_variables.hpp"

namespace instdrv::test {
namespace {

using testing::ElementsAre;

class LifeCycleOrder : public EveryBuild {
protected:
    void SetUp() override {
        book_.load_answer = 1;
        book_.open_answer = 100;
        book_.close_answer = 1;
        const auto address = hex(reinterpret_cast<std::uintptr_t>(&book_)).substr(2);
        setenv(JOURNAL_VARIABLE, address.c_str(), 1);
        winapi::set_environment_variable(to_utf16(JOURNAL_VARIABLE), to_utf16(address));
    }

    // "OPEN 0", the message and its dwDriverId.
    [[nodiscard]] std::vector<std::string> account() const {
        std::vector<std::string> lines;
        for (std::uint32_t i = 0; i < book_.count; ++i) {
            const auto& entry = book_.entries[i];
            if (entry.message == JOURNAL_ATTACH || entry.message == JOURNAL_DETACH) {
                lines.emplace_back(entry.message == JOURNAL_ATTACH ? "attach" : "detach");
            } else {
                lines.push_back(messages::describe(entry.message).substr(4) + " " +
                                std::to_string(entry.driver_id));
            }
        }
        return lines;
    }

    // Static storage: a module that stays mapped may still write to it.
    static inline journal book_;

    void TearDown() override { book_ = {}; }
};
// In this process, where the driver finds the journal.
INSTANTIATE_TEST_SUITE_P(Builds, LifeCycleOrder, builds_in_process, name_of_build);

TEST_P(LifeCycleOrder, OfTwoInstancesClosedByHand) {
    {
        auto first = host_.open(file("recorder"));
        auto second = host_.open(file("recorder"));
        ASSERT_TRUE(first && second);
        EXPECT_EQ(first->close().value_or(0), 1);
        EXPECT_EQ(second->close().value_or(0), 1);
    }
    EXPECT_THAT(account(), ElementsAre("attach", "LOAD 0", "ENABLE 0", "OPEN 0", "OPEN 0",
                                       "CLOSE 100", "CLOSE 101", "DISABLE 0", "FREE 0", "detach"));
}

TEST_P(LifeCycleOrder, OfTheHiddenInstance) {
    auto driver = host_.open(file("recorder"), {.section = {}, .lparam2 = 7});
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_EQ(host_.instances().size(), 1u);
    EXPECT_TRUE(driver->close());
    if (windows()) {
        EXPECT_THAT(account(),
                    ElementsAre("attach", "LOAD 0", "ENABLE 0", "OPEN 0", "OPEN 0", "CLOSE 101",
                                "CLOSE 100", "DISABLE 0", "FREE 0", "detach"));
    } else {
        EXPECT_THAT(account(), ElementsAre("attach", "LOAD 0", "ENABLE 0", "OPEN 0", "CLOSE 100",
                                           "DISABLE 0", "FREE 0", "detach"));
    }
}

TEST_P(LifeCycleOrder, OfASessionExit) {
    auto first = host_.open(file("recorder"));
    auto second = host_.open(file("recorder"));
    ASSERT_TRUE(first && second);
    first->release();
    second->release();
    const auto report = host_.exit_session();
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->ended_well());
    EXPECT_THAT(account(), ElementsAre("attach", "LOAD 0", "ENABLE 0", "OPEN 0", "OPEN 0",
                                       "EXITSESSION 101", "EXITSESSION 100", "CLOSE 101",
                                       "CLOSE 100", "DISABLE 0", "FREE 0", "detach"));
    EXPECT_EQ(host_.open(file("recorder")).error().code, ErrorCode::exiting);
}

TEST_P(LifeCycleOrder, OfAModuleThatIsLoadedOnly) {
    ASSERT_TRUE(host_.load(file("recorder")));
    const auto report = host_.exit_session();
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_THAT(account(), ElementsAre("attach", "LOAD 0", "ENABLE 0", "EXITSESSION 0", "DISABLE 0",
                                       "FREE 0", "detach"));
}

TEST_P(LifeCycleOrder, TextReachesTheDriverInItsOwnEncoding) {
    const auto driver = host_.open(file("recorder") + " für dich");
    ASSERT_TRUE(driver) << driver.error().text();
    const auto& entry = book_.entries[3];
    ASSERT_EQ(entry.message, static_cast<std::uint32_t>(DRV_OPEN));
    EXPECT_EQ(entry.text_length, windows() ? 8u : 9u);
    EXPECT_EQ(entry.text[1], windows() ? 0xFC : 0xC3);
}

}  // namespace
}  // namespace instdrv::test
