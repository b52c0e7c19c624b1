// A program in its cage tries to get out, as this user and as an ordinary one, in both machine
// sizes; and does what drivers do.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <unistd.h>

#include "cage.hpp"
#include "expectations.hpp"

namespace instdrv::test {
namespace {

using sandbox::Architecture;

struct Who {
    Architecture architecture;
    bool as_nobody;
};

class EscapeTest : public testing::TestWithParam<Who> {
protected:
    void SetUp() override {
        if (GetParam().as_nobody && ::geteuid() != 0) {
            GTEST_SKIP() << "only root can become another user; AsThisUser ran as an ordinary one";
        }
    }
    CagedProgram program_{GetParam().architecture, GetParam().as_nobody};
};

TEST_P(EscapeTest, EveryAttemptEndsAsItShould) {
    for (const auto& expected : expectations(GetParam().architecture)) {
        const World world(GetParam().as_nobody);
        EXPECT_EQ(program_.outcome(expected.attempt, world), expected.outcome) << expected.attempt;
        EXPECT_TRUE(world.is_unharmed()) << expected.attempt;
    }
}

TEST_P(EscapeTest, PlainSystemCallsAreDeniedByName) {
    const World world(GetParam().as_nobody);
    const auto calls = program_.listed("call");
    ASSERT_GT(calls.size(), 100U);
    for (const auto& name : calls) {
        EXPECT_EQ(program_.outcome(name, world), "denied " + name);
    }
    EXPECT_TRUE(world.is_unharmed());
}

TEST_P(EscapeTest, EveryAttemptIsJudged) {
    std::vector<std::string> judged;
    for (const auto& expected : expectations(GetParam().architecture)) {
        judged.push_back(expected.attempt);
    }
    EXPECT_THAT(judged, testing::UnorderedElementsAreArray(program_.listed("attempt")));
}

std::string name_of(const testing::TestParamInfo<Who>& info) {
    return std::string(info.param.architecture == Architecture::amd64 ? "amd64" : "i386") +
           (info.param.as_nobody ? "AsNobody" : "AsThisUser");
}

INSTANTIATE_TEST_SUITE_P(Workers, EscapeTest,
                         testing::Values(Who{Architecture::amd64, false},
                                         Who{Architecture::amd64, true},
                                         Who{Architecture::i386, false},
                                         Who{Architecture::i386, true}),
                         name_of);

}  // namespace
}  // namespace instdrv::test
