#include "cli/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "captured_console.hpp"

namespace instdrv::cli {
namespace {

using namespace std::chrono_literals;

TEST(ByteText, UsesTheUnitThatFits) {
    EXPECT_EQ(byte_text(0), "0 B");
    EXPECT_EQ(byte_text(999), "999 B");
    EXPECT_EQ(byte_text(1000), "1.0 kB");
    EXPECT_EQ(byte_text(18'340'000), "18.3 MB");
    EXPECT_EQ(byte_text(999'960'000), "1.0 GB");
    EXPECT_EQ(byte_text(5e15), "5000.0 TB");
}

TEST(ProgressLine, ShowsShareRateAndTimeLeft) {
    EXPECT_EQ(progress_line("a.wav", 0, 1000, 0ms), "a.wav  0 %");
    EXPECT_EQ(progress_line("a.wav", 50'000'000, 200'000'000, 2000ms),
              "a.wav  25 %  25.0 MB/s  0:06 left");
    EXPECT_EQ(progress_line("a.wav", 10, 10'000, 1000ms), "a.wav  0 %  10 B/s  16:39 left");
    EXPECT_EQ(progress_line("a.wav", 200, 200, 1000ms), "a.wav  100 %  200 B/s");
}

TEST(ProgressLine, CountsWhereTheTotalIsUnknown) {
    EXPECT_EQ(progress_line("-", 2'000'000, std::nullopt, 1000ms), "-  2.0 MB  2.0 MB/s");
}

TEST(ProgressLine, KeepsItsHeadWhereTheTotalWasWrong) {
    EXPECT_EQ(progress_line("a.wav", 300, 200, 1000ms), "a.wav  100 %  300 B/s");
    EXPECT_EQ(progress_line("a.wav", 300, 0, 100ms), "a.wav  300 B");
}

TEST(Progress, PrintsOnTerminalsOnlyAndCleansUp) {
    CapturedConsole captured;
    { Progress(captured.console, "a.wav", 100).update(50); }
    EXPECT_EQ(captured.err.text(), "");
    captured.console.err_terminal = true;
    { Progress(captured.console, "a.wav", 100).update(50); }
    EXPECT_EQ(captured.err.text(), "\r\x1b[Ka.wav  50 %\r\x1b[K");
    EXPECT_EQ(captured.out.text(), "");
}

TEST(Progress, PrintsFarLessOftenThanItIsTold) {
    CapturedConsole captured;
    captured.console.err_terminal = true;
    Progress progress(captured.console, "a.wav", 1'000'000);
    for (std::uint64_t done = 0; done < 1'000; ++done)
        progress.update(done);
    EXPECT_THAT(captured.err.text(), testing::Not(testing::HasSubstr("999")));
}

}  // namespace
}  // namespace instdrv::cli
