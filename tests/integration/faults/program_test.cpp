// The fault matrix as the program shows it: each fault at each stage in `instdrv run`, ended by
// SIGTERM, and in `instdrv send`.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "fault_files.hpp"
#include "support/command.hpp"
#include "support/processes.hpp"
#include "support/running_program.hpp"

namespace instdrv::test {
namespace {

using nlohmann::json;
using testing::IsEmpty;

constexpr int all_well = 0;
constexpr int ended_badly = 3;

// "crashed SIGSEGV" -> "crashed"
std::string first_word(std::string_view ending) {
    return std::string(ending.substr(0, ending.find(' ')));
}

class FaultMatrixOfTheProgram : public testing::TestWithParam<Build> {
protected:
    void SetUp() override {
#ifdef __SANITIZE_ADDRESS__
        GTEST_SKIP() << "AddressSanitizer ends a faulty driver in its own way";
#endif
        // What the program does not reap is this process's to find.
        ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    }
    void TearDown() override {
        ::prctl(PR_SET_CHILD_SUBREAPER, 0);
        ::unsetenv("XDG_STATE_HOME");
        while (::waitpid(-1, nullptr, WNOHANG) > 0) {
        }
    }

    static void run_session(const Fault& fault, const FaultFiles& files);
    static void check_report(const Fault& fault, const json& report);
    static void check_driver(const Fault& fault, const json& driver);
    static void send_message(const Fault& fault, const FaultFiles& files);

    static std::string expected(const Fault& fault, const Stage& stage) {
        return first_word(fault.ending(GetParam(), stage));
    }
    static bool goes_well(const Fault& fault) {
        return fault.ending(GetParam(), stages.back()) == "answered";
    }
};

// "timed_out", "answered", or the code of why it failed.
std::string ending_of(const json& driver, const Stage& stage) {
    for (const auto& message : driver["messages"]) {
        if (message["number"] != stage.message) continue;
        const bool has_failed = message["outcome"] == "failed" && !message["error"].is_null();
        return has_failed ? message["error"]["code"] : message["outcome"];
    }
    return "not in the report";
}

const Stage* stage_of(const std::string& file) {
    const auto name = std::filesystem::path(file).stem().string();
    const auto dash = name.find('-');
    const auto found = std::ranges::find_if(stages, [&](const Stage& stage) {
        return dash != std::string::npos && name.substr(dash + 1) == stage.name;
    });
    return found == stages.end() ? nullptr : &*found;
}

void FaultMatrixOfTheProgram::check_driver(const Fault& fault, const json& driver) {
    const std::string file = driver["file"];
    const auto* const stage = stage_of(file);
    if (stage == nullptr) {
        EXPECT_EQ(driver["outcome"], "ended") << file;
        return;
    }
    if (stage < &stages.at(first_of_the_exit)) return;  // it lived through its fault
    const bool by_luck = fault.outlives_its_file && stage->message == unloading_step;
    if (!by_luck) {
        EXPECT_EQ(ending_of(driver, *stage), expected(fault, *stage)) << stage->name;
    }
    if (fault.takes_its_deadline && stage->message == unloading_step) {
        EXPECT_EQ(driver["outcome"], "unload timed out");
    }
}

void FaultMatrixOfTheProgram::check_report(const Fault& fault, const json& report) {
    std::size_t seen = 0;
    for (const auto& driver : report["drivers"]) {
        check_driver(fault, driver);
        ++seen;
    }
    std::size_t not_opened = 0;
    for (const auto& driver : report["not_opened"]) {
        const auto* const stage = stage_of(driver["name"]);
        ASSERT_NE(stage, nullptr) << driver["name"];
        EXPECT_EQ(driver["error"]["code"], expected(fault, *stage)) << stage->name;
        ++not_opened;
    }
    // All but the one whose fault is in a message that the session does not send.
    EXPECT_EQ(seen + not_opened, healthy_files().size() + stages.size() - 1) << report.dump(2);
}

void FaultMatrixOfTheProgram::run_session(const Fault& fault, const FaultFiles& files) {
    std::vector<std::string> command{INSTDRV_PROGRAM,    "run",
                                     "--config",         files.configuration().string(),
                                     "--report",         files.report().string(),
                                     "--notify-timeout", "20s",
                                     "--close-timeout",  "20s"};
    for (const auto& healthy : healthy_files())
        command.push_back(healthy.string());
    for (const auto& stage : stages) {
        if (stage.message != DRV_USER) command.push_back(files.driver(stage).string());
    }
    RunningProgram program(command);
    ASSERT_TRUE(program.wait_for_output("The session runs as process")) << program.wait().err;
    program.signal(SIGTERM);
    const auto output = program.wait();
    if (!fault.outlives_its_file) {
        EXPECT_EQ(output.status, goes_well(fault) ? all_well : ended_badly) << output.out;
    }
    EXPECT_THAT(children(::getpid()), IsEmpty());
    std::ifstream file(files.report());
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto report = json::parse(text, nullptr, false);
    ASSERT_FALSE(report.is_discarded()) << text << output.err;
    check_report(fault, report);
}

void FaultMatrixOfTheProgram::send_message(const Fault& fault, const FaultFiles& files) {
    const auto& stage = *std::ranges::find(stages, UINT{DRV_USER}, &Stage::message);
    const auto sent =
        run({.arguments = {INSTDRV_PROGRAM, "send", "--config", files.configuration().string(),
                           files.driver(stage).string(), stage.name}});
    EXPECT_EQ(sent.status, expected(fault, stage) == "answered" ? all_well : ended_badly)
        << sent.err;
    EXPECT_THAT(children(::getpid()), IsEmpty());
}

TEST_P(FaultMatrixOfTheProgram, EveryFaultAtEveryStage) {
    for (const auto& fault : faults()) {
        SCOPED_TRACE(fault.name);
        const FaultFiles files(fault, GetParam());
        ::setenv("XDG_STATE_HOME", files.state().c_str(), 1);
        run_session(fault, files);
        send_message(fault, files);
    }
}

INSTANTIATE_TEST_SUITE_P(Builds, FaultMatrixOfTheProgram, testing::ValuesIn(matrix_builds),
                         name_of_build);

}  // namespace
}  // namespace instdrv::test
