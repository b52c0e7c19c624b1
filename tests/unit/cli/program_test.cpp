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

// A word may be the name of a file, which has a line feed in it.
TEST(Program, MakesOneLineOfAWordThatIsWrong) {
    const auto wrong = run({"list", "name\x1b[31m\ninstdrv: all is well"});
    EXPECT_EQ(wrong.code, ExitCode::usage);
    EXPECT_THAT(wrong.err, HasSubstr("name\\x1b[31m\\x0ainstdrv: all is well\n"));
    EXPECT_EQ(wrong.err.find("\ninstdrv:"), std::string::npos) << wrong.err;
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

TEST(Program, GuessesWhatWasMeant) {
    EXPECT_THAT(run({"lst"}).err, HasSubstr("'lst' is no subcommand; did you mean list?"));
    EXPECT_THAT(run({"acm", "covnert"}).err, HasSubstr("did you mean convert?"));
    const auto option = run({"run", "--notify-timout=1s", "x"});
    EXPECT_EQ(option.code, ExitCode::usage);
    EXPECT_THAT(option.err, HasSubstr("'--notify-timout' is no option of instdrv run; did you mean "
                                      "--notify-timeout?"));
    EXPECT_THAT(run({"send", "--jsno"}).err, HasSubstr("did you mean --json?"))
        << "and not that a driver is required";
    EXPECT_THAT(run({"--vresion"}).err,
                HasSubstr("is no option of instdrv; did you mean --version?"));
    EXPECT_THAT(run({"send", "x", "DRV_CONFIGRUE"}).err, HasSubstr("did you mean DRV_CONFIGURE?"));
    EXPECT_THAT(run({"acm", "convert", "--driver", "x", "--to", "adpmc", "a", "b"}).err,
                HasSubstr("did you mean adpcm?"));
}

TEST(Program, NamesTheOptionWhoseValueIsNonsense) {
    const auto rate = run({"acm", "convert", "--rate", "abc", "--driver", "x", "a", "b"});
    EXPECT_EQ(rate.code, ExitCode::usage);
    EXPECT_THAT(rate.err,
                testing::StartsWith("instdrv: --rate: 'abc' is no number from 1 to 4294967295\n"));
    for (const char* option : {"--notify-timeout", "--close-timeout", "--deadline"}) {
        const auto zero = run({"run", option, "0", "x"});
        EXPECT_EQ(zero.code, ExitCode::usage) << option;
        EXPECT_THAT(zero.err, HasSubstr(std::string(option) + ": '0' is no time"));
    }
    EXPECT_EQ(run({"acm", "convert", "--channels", "65536", "--driver", "x", "a", "b"}).code,
              ExitCode::usage);
}

TEST(Program, TakesAConfigurationFromTheEnvironment) {
    ASSERT_EQ(setenv("INSTDRV_CONFIG", "/no/such/system.ini", 1), 0);
    EXPECT_THAT(run({"list"}).err, HasSubstr("/no/such/system.ini"));
    EXPECT_THAT(run({"list", "--config", "/nor/this"}).err, HasSubstr("/nor/this"));
    unsetenv("INSTDRV_CONFIG");
    EXPECT_EQ(run({"list"}).code, ExitCode::usage);
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
