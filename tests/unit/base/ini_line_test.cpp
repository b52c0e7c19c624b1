#include <string>

#include <gtest/gtest.h>

#include "base/ini_line.hpp"

namespace instdrv {
namespace {

using std::string_view;

TEST(IniLine, IsTakenApart) {
    const auto section = ini_line(string_view("\t[ drivers 32 ] ; more"));
    EXPECT_EQ(section.kind, IniLineKind::section);
    EXPECT_EQ(section.name, "drivers 32");
    EXPECT_TRUE(section.closed);
    const auto open = ini_line(string_view("[drivers "));
    EXPECT_EQ(open.kind, IniLineKind::section);
    EXPECT_EQ(open.name, "drivers");
    EXPECT_FALSE(open.closed);
    const auto entry = ini_line(std::u16string_view(u" a b = c=d ;e\t"));
    EXPECT_EQ(entry.kind, IniLineKind::entry);
    EXPECT_EQ(entry.name, u"a b");
    EXPECT_EQ(entry.value, u"c=d ;e");
    const auto nameless = ini_line(string_view("= x"));
    EXPECT_EQ(nameless.kind, IniLineKind::entry);
    EXPECT_EQ(nameless.name, "");
    EXPECT_EQ(ini_line(string_view("words")).kind, IniLineKind::other);
    for (const string_view nothing : {"", " \t", "; a=b", "  ;[x]"})
        EXPECT_EQ(ini_line(nothing).kind, IniLineKind::nothing) << nothing;
}

TEST(IniLine, EndsWithEitherOrBoth) {
    string_view text = "a\r\nb\rc\n\nd";
    for (const string_view line : {"a", "b", "c", "", "d"})
        EXPECT_EQ(take_ini_line(text), line);
    EXPECT_TRUE(text.empty());
    std::u16string_view last = u"a\r";
    EXPECT_EQ(take_ini_line(last), u"a");
    EXPECT_TRUE(last.empty());
}

TEST(IniLine, StopsAtTheEndMarkOfOldEditors) {
    EXPECT_EQ(without_end_mark(string_view("a=b\n\x1A\0junk")), "a=b\n");
    EXPECT_EQ(without_end_mark(std::u16string_view(u"a=b")), u"a=b");
}

}  // namespace
}  // namespace instdrv
