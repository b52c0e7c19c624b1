#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "captured_console.hpp"
#include "cli/command.hpp"

namespace instdrv::cli {
namespace {

using testing::HasSubstr;

struct Outcome {
    ExitCode code;
    std::string out;
    std::string err;
};

Outcome run(const std::vector<std::string>& arguments) {
    CapturedConsole captured;
    const auto code = run_program(arguments, captured.console);
    return {code, captured.out.text(), captured.err.text()};
}

TEST(Program, PrintsHelpOfItselfAndOfSubcommands) {
    const auto help = run({"--help"});
    EXPECT_EQ(help.code, ExitCode::ok);
    for (const char* name : {"run", "list", "inspect", "send", "acm"}) {
        EXPECT_THAT(help.out, HasSubstr(name));
        const auto of_command = run({name, "--help"});
        EXPECT_EQ(of_command.code, ExitCode::ok) << name;
        EXPECT_THAT(of_command.out, HasSubstr("instdrv " + std::string(name)));
        EXPECT_EQ(of_command.err, "");
    }
}

TEST(Program, PrintsItsVersion) {
    EXPECT_THAT(run({"--version"}).out, testing::MatchesRegex("instdrv [0-9.]+\n"));
}

TEST(Program, RefusesWrongUsageWithAHint) {
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{},
                                               {"fly"},
                                               {"run", "--notify-timeout", "soon", "x"},
                                               {"run", "--close-timeout", "-1s", "x"},
                                               {"run", "--no-such-option"},
                                               {"send"},
                                               {"send", "x"},
                                               {"send", "x", "DRV_DANCE"},
                                               {"send", "x", "1", "one"},
                                               {"send", "x", "DRV_OPEN"},
                                               {"inspect"}}) {
        const auto outcome = run(arguments);
        EXPECT_EQ(outcome.code, ExitCode::usage) << testing::PrintToString(arguments);
        EXPECT_THAT(outcome.err, HasSubstr("--help"));
        EXPECT_EQ(outcome.out, "");
    }
}

TEST(Program, NamesASubcommandThatDoesNotExist) {
    EXPECT_THAT(run({"fly"}).err, HasSubstr("'fly' is no subcommand"));
    EXPECT_THAT(run({"acm", "fly"}).err, HasSubstr("'fly' is no subcommand"));
    EXPECT_THAT(run({"acm"}).err, HasSubstr("instdrv acm --help"));
}

TEST(Program, RunNeedsDriversOrAConfiguration) {
    const auto outcome = run({"run"});
    EXPECT_EQ(outcome.code, ExitCode::usage);
    EXPECT_THAT(outcome.err, HasSubstr("--config"));
}

TEST(Program, NamesWhatIsWrongWithAFile) {
    const auto missing = run({"inspect", "/no/such/file.dll"});
    EXPECT_EQ(missing.code, ExitCode::failure);
    EXPECT_THAT(missing.err, HasSubstr("/no/such/file.dll"));

    const auto text = std::filesystem::path(testing::TempDir()) / "notes.txt";
    std::ofstream(text) << "These are notes and no driver.\n";
    const auto outcome = run({"inspect", text.string()});
    EXPECT_EQ(outcome.code, ExitCode::failure);
    EXPECT_THAT(outcome.err, HasSubstr("text"));
}

TEST(Program, ListsAConfiguration) {
    const auto config = std::filesystem::path(testing::TempDir()) / "list.ini";
    std::ofstream(config) << "[drivers32]\nmsacm.nothing=nothing.acm some text\n";
    const auto outcome = run({"list", "--config", config.string(), "--json"});
    EXPECT_EQ(outcome.code, ExitCode::ok);
    const auto list = nlohmann::json::parse(outcome.out);
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0]["alias"], "msacm.nothing");
    EXPECT_EQ(list[0]["file"], nullptr);
    EXPECT_NE(list[0]["state"], "ok");
}

}  // namespace
}  // namespace instdrv::cli
