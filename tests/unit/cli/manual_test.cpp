#include "cli/manual.hpp"

#include <fstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "base/text.hpp"
#include "captured_console.hpp"
#include "cli/completions.hpp"
#include "cli/help.hpp"
#include "cli/table.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::cli {
namespace {

using testing::HasSubstr;

bool groff_is_there() {
    return test::run({.arguments = {"sh", "-c", "command -v groff"}}).status == 0;
}

// As man(1) shows it, without the marks for bold and the blanks that fill its lines.
test::CommandResult formatted(const std::string& page) {
    const test::TemporaryFolder folder;
    std::ofstream(folder.path() / "page.1") << page;
    auto shown = test::run({.arguments = {"groff", "-man", "-Tutf8", "-ww", "-P-cbou", "page.1"},
                            .folder = folder.path()});
    shown.out = fmt::format("{}", fmt::join(split(shown.out, " "), " "));
    return shown;
}

TEST(Manual, IsTakenByGroffWithoutAWarning) {
    if (!groff_is_there()) GTEST_SKIP() << "there is no groff here";
    for (const auto& one : placed_commands()) {
        const auto shown = formatted(manual_page(*one.command, one.path));
        EXPECT_EQ(shown.err, "") << one.path;
        EXPECT_EQ(shown.status, 0) << one.path;
        EXPECT_THAT(shown.out, HasSubstr(page_name(one.path) + " - ")) << "for apropos(1)";
        EXPECT_THAT(shown.out, HasSubstr("EXIT STATUS"));
        for (const auto& option : options_of(*one.command))
            EXPECT_THAT(shown.out, HasSubstr(option.name)) << one.path;
    }
}

TEST(Manual, KeepsTextFromBeingTakenForRequests) {
    if (!groff_is_there()) GTEST_SKIP() << "there is no groff here";
    const Command command{.name = "odd",
                          .summary = "Has odd text",
                          .description = ".so /etc/passwd\n\n'tis C:\\windows\n\n  .ini\n  `-1`",
                          .examples = "instdrv odd\n.bp"};
    const auto shown = formatted(manual_page(command, "odd"));
    EXPECT_EQ(shown.err, "");
    for (const char* text : {".so /etc/passwd", "'tis C:\\windows", ".ini", "`-1`", ".bp"})
        EXPECT_THAT(shown.out, HasSubstr(text));
}

TEST(Manual, IsPrintedOrWrittenByTheProgram) {
    const test::TemporaryFolder folder;
    CapturedConsole written;
    const std::vector<std::string> all{"manual", "--into", folder.path().string()};
    EXPECT_EQ(run_program(all, written.console), ExitCode::ok) << written.err.text();
    for (const auto& one : placed_commands()) {
        const auto file = folder.path() / (page_name(one.path) + ".1");
        std::stringstream content;
        content << std::ifstream(file).rdbuf();
        EXPECT_EQ(content.str(), manual_page(*one.command, one.path));
    }
    CapturedConsole printed;
    const std::vector<std::string> convert{"manual", "acm", "convert"};
    EXPECT_EQ(run_program(convert, printed.console), ExitCode::ok);
    EXPECT_THAT(printed.out.text(), testing::StartsWith(".TH INSTDRV\\-ACM\\-CONVERT 1 "));
}

TEST(Manual, SaysWhatItCannotDo) {
    CapturedConsole unknown;
    const std::vector<std::string> words{"manual", "acm", "fly"};
    EXPECT_EQ(run_program(words, unknown.console), ExitCode::usage);
    EXPECT_THAT(unknown.err.text(), HasSubstr("there is no command 'acm fly'; there are list,"));
    CapturedConsole unwritable;
    const std::vector<std::string> all{"manual", "--into", "/no/such/folder"};
    EXPECT_EQ(run_program(all, unwritable.console), ExitCode::failure);
    EXPECT_THAT(unwritable.err.text(), HasSubstr("/no/such/folder"));
}

}  // namespace
}  // namespace instdrv::cli
