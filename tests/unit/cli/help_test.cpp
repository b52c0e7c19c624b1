#include "cli/help.hpp"

#include <gmock/gmock.h>

#include "base/text.hpp"
#include "cli/table.hpp"
#include "every_command.hpp"

namespace instdrv::cli {
namespace {

using testing::HasSubstr;

TEST(Help, FitsOnATerminalOf80Columns) {
    for (const auto& one : every_command()) {
        for (const auto& line : split(help_text(*one.command, one.spelling()), "\n"))
            EXPECT_LE(display_width(line), 80u) << one.spelling() << ": " << line;
    }
}

TEST(Help, NamesEverythingThatACommandTakes) {
    for (const auto& one : every_command()) {
        const auto text = help_text(*one.command, one.spelling());
        EXPECT_THAT(text, HasSubstr("Usage: " + one.spelling()));
        EXPECT_THAT(text, HasSubstr("-h, --help"));
        EXPECT_THAT(text, HasSubstr("Exit codes: 0"));
        for (const auto* command : one.command->commands)
            EXPECT_THAT(text, HasSubstr("\n  " + std::string(command->name) + " "));
        for (const auto& option : one.command->options)
            EXPECT_THAT(text, HasSubstr("\n  " + label_of(option)));
    }
}

TEST(Help, IsLaidOutInColumns) {
    constexpr Option options[] = {
        {.name = "file", .value = "FILE", .help = "What to read", .required = true},
        {.name = "--a-rather-long-option",
         .value = "DURATION",
         .help = "Whose explanation goes on for so long that it takes two lines",
         .initial = "2s"},
        {.name = "--config", .value = "FILE", .help = "Says more", .environment = "SAYS"}};
    const Command command{.name = "read",
                          .summary = "Reads a file",
                          .description = "First.\n\n  as it is\n  is",
                          .examples = "instdrv read it",
                          .exit_codes = "0 read",
                          .options = options};
    EXPECT_EQ(help_text(command, "instdrv read"),
              "Reads a file.\n"
              "\n"
              "Usage: instdrv read [OPTIONS] file\n"
              "\n"
              "Arguments:\n"
              "  file FILE                   What to read\n"
              "\n"
              "Options:\n"
              "  -h, --help                  Print this help and exit\n"
              "  --a-rather-long-option DURATION\n"
              "                              Whose explanation goes on for so long that it\n"
              "                              takes two lines; 2s if not given\n"
              "  --config FILE               Says more; else $SAYS does\n"
              "\n"
              "First.\n"
              "\n"
              "  as it is\n"
              "  is\n"
              "\n"
              "Examples:\n"
              "  instdrv read it\n"
              "\n"
              "Exit codes: 0 read.\n");
}

TEST(Wrapped, BreaksAtBlanksAlone) {
    EXPECT_THAT(wrapped("one two three", 7), testing::ElementsAre("one two", "three"));
    EXPECT_THAT(wrapped("one incomprehensible", 7),
                testing::ElementsAre("one", "incomprehensible"));
    EXPECT_THAT(wrapped("", 7), testing::IsEmpty());
}

}  // namespace
}  // namespace instdrv::cli
