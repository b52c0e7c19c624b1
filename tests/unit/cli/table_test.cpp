#include "cli/table.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "captured_console.hpp"

namespace instdrv::cli {
namespace {

Table drivers() {
    Table table({{"name", "DRIVER", Align::left, true}, {"size", "SIZE", Align::right}});
    table.add_row({"msadp32.acm", Cell::of("12 KB", 12288)});
    table.add_row({"Ünïcode 日本", Cell::absent()});
    return table;
}

TEST(Table, AlignsByWhatATerminalShows) {
    EXPECT_EQ(drivers().text(0, false),
              "DRIVER         SIZE\n"
              "msadp32.acm   12 KB\n"
              "Ünïcode 日本      -\n");
}

TEST(Table, LeavesNoBlanksAtTheEndOfALine) {
    Table table({{"a", "A"}, {"b", "B"}});
    table.add_row({"long enough", ""});
    EXPECT_EQ(table.text(0, false), "A            B\nlong enough\n");
}

TEST(Table, ShrinksOnlyWhatMayShrink) {
    Table table({{"file", "FILE", Align::left, true}, {"state", "STATE"}});
    table.add_row({"/usr/lib/somewhere/far/away/msadp32.acm", "a state that stays whole"});
    const auto text = table.text(50, false);
    EXPECT_NE(text.find("a state that stays whole"), std::string::npos);
    EXPECT_NE(text.find("…"), std::string::npos);
    EXPECT_NE(text.find("msadp32.acm"), std::string::npos);
    EXPECT_EQ(display_width(text.substr(text.find('\n') + 1)), 50u + 1);  // the newline counts 1
}

TEST(Table, StaysReadableOnATerminalThatIsTooNarrow) {
    EXPECT_NE(drivers().text(3, false).find("12 KB"), std::string::npos);
}

TEST(Table, ColoursWithoutMovingColumns) {
    Table table({{"state", "STATE"}, {"x", "X"}});
    table.add_row({Cell("ok", Tone::good), "1"});
    EXPECT_EQ(table.text(0, true),
              "\x1b[1mSTATE\x1b[0m  \x1b[1mX\x1b[0m\n\x1b[32mok\x1b[0m     1\n");
}

TEST(Table, KeepsForeignTextFromSteeringTheTerminal) {
    Table table({Column{"name", "NAME"}});
    table.add_row({"a\x1b[2Jb\nc"});
    EXPECT_EQ(table.text(0, false), "NAME\na\\x1b[2Jb\\x0ac\n");
}

TEST(Table, IsJsonOfTheSameRows) {
    EXPECT_EQ(drivers().json(), nlohmann::json::parse(R"([
        {"name": "msadp32.acm", "size": 12288},
        {"name": "Ünïcode 日本", "size": null}])"));
    EXPECT_EQ(Table({Column{"a", "A"}}).json().dump(), "[]");
}

TEST(Print, RepairsTextThatIsNotUtf8) {
    CapturedConsole captured;
    Table table({Column{"name", "NAME"}});
    table.add_row({"bad \xFF byte"});
    print(captured.console, table, true);
    EXPECT_NO_THROW(EXPECT_EQ(nlohmann::json::parse(captured.out.text()).size(), 1u));
}

TEST(DisplayWidth, CountsColumns) {
    EXPECT_EQ(display_width(""), 0u);
    EXPECT_EQ(display_width("abc"), 3u);
    EXPECT_EQ(display_width("äöü"), 3u);
    EXPECT_EQ(display_width("日本"), 4u);
    EXPECT_EQ(display_width("e\u0301"), 1u);   // a combining accent
    EXPECT_EQ(display_width("\xF0\x9F"), 1u);  // cut off
    EXPECT_EQ(display_width("\xFF\x80"), 1u);  // nonsense, one character
}

TEST(Shortened, KeepsBothEnds) {
    EXPECT_EQ(shortened("abcdef", 6), "abcdef");
    EXPECT_EQ(shortened("abcdefgh", 5), "ab…gh");
    EXPECT_EQ(shortened("abcdefgh", 1), "…");
    EXPECT_LE(display_width(shortened("日本語日本語", 6)), 6u);
}

}  // namespace
}  // namespace instdrv::cli
