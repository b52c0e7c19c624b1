#include <string>

#include <gtest/gtest.h>

#include "image/pe/guarded_call.hpp"
#include "winapi/process/process.hpp"

namespace instdrv::winapi::test {
namespace {

class Exceptions : public testing::Test {
protected:
    static void SetUpTestSuite() {
        const auto loaded =
            Process::instance().loader().load(std::string(INSTDRV_TEST_DLLS) + "/throwing.dll");
        ASSERT_TRUE(loaded) << loaded.error().text();
        image = *loaded;
    }
    static void TearDownTestSuite() {
        if (image != nullptr) Process::instance().loader().release(image);
    }

    static pe::GuardedResult enter(const char* function, unsigned argument) {
        Process::instance().prepare_thread();
        const void* const address = image->find_export({.name = function});
        EXPECT_NE(address, nullptr) << function;
        return pe::guarded_call(address, argument);
    }
    static int run(const char* function, unsigned argument) {
        const auto result = enter(function, argument);
        EXPECT_EQ(result.broken, nullptr) << result.broken->text();
        return static_cast<int>(result.value);
    }

    static pe::LoadedImage* image;
};

pe::LoadedImage* Exceptions::image = nullptr;

TEST_F(Exceptions, AreCaughtAfterEachFrameWasCleanedUp) {
    for (const unsigned depth : {0U, 1U, 7U, 500U})
        EXPECT_EQ(run("catches", depth), static_cast<int>(depth) + 1);
}

TEST_F(Exceptions, AreThrownAgainAndInsideHandlers) { EXPECT_EQ(run("rethrows", 10), 11); }

TEST_F(Exceptions, AreCaughtInDestructorsWhileAnotherUnwinds) {
    EXPECT_EQ(run("throws_while_unwinding", 0), 11);
}

TEST_F(Exceptions, ComeFromTheRuntimeToo) { EXPECT_EQ(run("runs_out_of_memory", 0), 1); }

TEST_F(Exceptions, WorkInThreadsOfTheDriver) { EXPECT_EQ(run("throws_in_a_thread", 3), 4); }

TEST_F(Exceptions, ThatNobodyTakesEndTheCallAndNotTheProcess) {
    const auto result = enter("raises", 0xC0000094);
    ASSERT_NE(result.broken, nullptr);
    EXPECT_EQ(result.broken->code, ErrorCode::broken);
    EXPECT_EQ(result.broken->system_code, 0xC0000094);
    const std::string text = result.broken->text();
    EXPECT_NE(text.find("0xc0000094 (integer division by zero)"), std::string::npos) << text;
    EXPECT_NE(text.find("throwing.dll+0x"), std::string::npos) << text;
    EXPECT_EQ(run("catches", 2), 3) << "the next call works";
}

TEST_F(Exceptions, LetExecutionGoOnWhereAHandlerSays) {
    EXPECT_EQ(run("goes_on_after_raise", 12), 42);
}

TEST_F(Exceptions, ShowTheFramesOfTheStack) { EXPECT_EQ(run("counts_frames", 9), 9); }

TEST_F(Exceptions, AreTakenByExceptBlocks) {
    EXPECT_EQ(static_cast<unsigned>(run("takes_structured", 0xE0000001)), 0xE0000001);
    EXPECT_EQ(run("takes_structured", 0xE0000002), 7) << "the filter lets execution go on";
    EXPECT_NE(enter("takes_structured", 0xE0000003).broken, nullptr);
}

TEST_F(Exceptions, RunFinallyBlocksOnTheirWay) {
    EXPECT_EQ(run("runs_finally_blocks", 0xE0000001), 2);
}

TEST_F(Exceptions, PassThroughFramesOfCpp) {
    EXPECT_EQ(static_cast<unsigned>(run("passes_through_cpp", 0xE0000001)), 0xE0000001);
}

// libgcc's terminate handler aborts, which ends the call.
TEST_F(Exceptions, OfCppThatNobodyCatchesEndTheCall) {
    EXPECT_NE(enter("throws_uncaught", 5).broken, nullptr);
}

}  // namespace
}  // namespace instdrv::winapi::test
