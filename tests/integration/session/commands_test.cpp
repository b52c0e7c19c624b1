// `instdrv inspect`, `list` and `send` as processes: what they say and end with.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "support/command.hpp"
#include "support/i386.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr int done = 0;
constexpr int failed = 1;
constexpr int driver_failed = 3;

std::string driver(const std::string& file) {
    return std::string(INSTDRV_TEST_DRIVERS) + "/" + file;
}

class Commands : public testing::Test {
protected:
    [[nodiscard]] test::CommandResult run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), INSTDRV_PROGRAM);
        return test::run({.arguments = std::move(arguments),
                          .folder = {},
                          .input = {},
                          .environment = {{"XDG_STATE_HOME", state_.path().string()},
                                          {"HOME", home_.path().string()}}});
    }
    [[nodiscard]] int code_of_sending(const std::string& file, const char* message) const {
        return run({"send", "--deadline", "300ms", driver(file), message}).status;
    }

    const test::TemporaryFolder home_;
    const test::TemporaryFolder state_;
};

TEST_F(Commands, InspectSaysOfBothMachineSizesThatTheyCanBeOpened) {
    for (const auto& file :
         test::that_run_here({"plain.dll", "plain.so", "i386/plain.dll", "i386/plain.so"})) {
        const auto inspected = run({"inspect", "--json", driver(file)});
        ASSERT_EQ(inspected.status, done) << inspected.err;
        const auto facts = json::parse(inspected.out);
        EXPECT_EQ(facts["obstacle"], json()) << file;
        EXPECT_EQ(facts["loadable"], true) << file;
        EXPECT_EQ(code_of_sending(file, "DRV_QUERYCONFIGURE"), done) << file;
    }
    const auto inspected = run({"inspect", driver("not_a_driver.dll")});
    EXPECT_THAT(inspected.out, HasSubstr("cannot be opened here: it exports no DriverProc"));
}

TEST_F(Commands, SayWhyNoDriverOf32BitsRunsWhereTheKernelRunsNone) {
    if (test::runs_i386) GTEST_SKIP() << "this kernel runs programs for i386";
    for (const auto* file : {"i386/plain.dll", "i386/plain.so"}) {
        const auto sent = run({"send", driver(file), "DRV_QUERYCONFIGURE"});
        EXPECT_EQ(sent.status, failed) << file;
        EXPECT_THAT(sent.err, HasSubstr("the kernel runs no 32-bit programs"));
        EXPECT_THAT(sent.err, HasSubstr("ia32_emulation=on"));
        EXPECT_THAT(run({"inspect", driver(file)}).out,
                    HasSubstr("cannot be opened here: the kernel runs no 32-bit programs"));
    }
    const auto configuration = (home_ / "system.ini").string();
    std::ofstream(configuration) << "[drivers32]\nold=" << driver("i386/plain.dll") << "\n";
    EXPECT_THAT(run({"list", "--config", configuration}).out,
                HasSubstr("the kernel runs no 32-bit programs"));
}

TEST_F(Commands, SendWritesDownTheCallsThatAreAskedFor) {
    for (const auto& file : test::that_run_here({"plain.dll", "i386/plain.dll"})) {
        const auto traced =
            run({"send", "--trace-calls", "all,-user32", driver(file), "DRV_QUERYCONFIGURE"});
        EXPECT_EQ(traced.status, done) << file << traced.err;
        EXPECT_THAT(traced.err, testing::ContainsRegex("^plain.dll: call: \\[[0-9]+\\] "
                                                       "[a-z0-9]+\\.[A-Za-z_]+\\(.*\\) = "))
            << file;
    }
    for (const auto& file : test::that_run_here({"i386/plain.dll"})) {
        const auto other =
            run({"send", "--trace-calls", "_alldiv", driver(file), "DRV_QUERYCONFIGURE"});
        EXPECT_EQ(other.status, done) << "i386 alone has it: " << other.err;
    }
    const auto here = run({"send", "--in-process", "--trace-calls", "winmm", driver("plain.dll"),
                           "DRV_QUERYCONFIGURE"});
    EXPECT_THAT(here.err, HasSubstr("call: ["));
    const auto wrong = run({"send", "--trace-calls", "kernel32,CreateFlie", driver("plain.dll"),
                            "DRV_QUERYCONFIGURE"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.err, HasSubstr("'CreateFlie' is neither a DLL nor a function"));
}

TEST_F(Commands, ListSaysWhatSendWouldRefuse) {
    fs::copy_file(driver("plain.dll"), home_ / "plain.dll");
    const auto configuration = (home_ / "system.ini").string();
    std::ofstream(configuration) << "[drivers32]\nbare=plain.dll\ngood=" << driver("plain.dll")
                                 << "\n[386Enh]\ndevice=*vcache\n[driver32]\na=b\n";
    const auto listed = run({"list", "--config", configuration, "--json"});
    ASSERT_EQ(listed.status, done) << listed.err;
    const auto rows = json::parse(listed.out);
    EXPECT_THAT(rows[0]["state"], HasSubstr("holds the home folder"));
    EXPECT_EQ(rows[1]["state"], "ok");
    EXPECT_THAT(listed.err, HasSubstr("line 6: nothing reads the section [driver32]; did you mean "
                                      "drivers32?"));
    EXPECT_THAT(listed.err, Not(HasSubstr("386Enh")));
    EXPECT_TRUE(fs::is_empty(state_.path())) << "who only looks makes nothing";

    const auto sent = run({"send", "--config", configuration, "bare", "DRV_QUERYCONFIGURE"});
    EXPECT_EQ(sent.status, failed);
    EXPECT_THAT(sent.err, HasSubstr("holds the home folder"));
    EXPECT_THAT(sent.err, HasSubstr("[driver32]"));
    EXPECT_TRUE(fs::is_empty(state_.path())) << "nor does who refuses";
}

TEST_F(Commands, SendTellsADriverThatFailsFromWhatIsNotThere) {
    EXPECT_EQ(code_of_sending("plain.dll", "DRV_QUERYCONFIGURE"), done);
    EXPECT_EQ(code_of_sending("absent.dll", "DRV_QUERYCONFIGURE"), failed);
    EXPECT_EQ(code_of_sending("refuses_open.dll", "DRV_QUERYCONFIGURE"), failed);
    for (const auto& file : test::that_run_here(
             {"hangs_in_query.dll", "i386/hangs_in_query.dll", "hangs_in_query.so"}))
        EXPECT_EQ(code_of_sending(file, "DRV_QUERYCONFIGURE"), driver_failed) << file;
}

}  // namespace
}  // namespace instdrv
