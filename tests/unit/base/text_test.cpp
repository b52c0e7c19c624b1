#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"

namespace instdrv {
namespace {

using namespace std::string_literals;

TEST(Text, goes_to_utf8_and_back) {
    const std::u16string wide = u"a\u00E9\u20AC\U0001F600\0z"s;
    const std::string narrow = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\0z"s;
    EXPECT_EQ(to_utf8(wide), narrow);
    EXPECT_EQ(to_utf16(narrow), wide);
    EXPECT_EQ(to_utf8(u""), "");
    EXPECT_EQ(to_utf16(""), u"");
}

TEST(Text, replaces_lone_surrogates) {
    constexpr auto replaced = "\xEF\xBF\xBD";
    EXPECT_EQ(to_utf8(u"\xD800"s), replaced);
    EXPECT_EQ(to_utf8(u"\xDC00"s), replaced);
    EXPECT_EQ(to_utf8(u"\xD800x"s), replaced + "x"s);
    EXPECT_EQ(to_utf8(u"\xDC00\xD800"s), std::string(replaced) + replaced);
    EXPECT_EQ(to_utf8(u"\xD83D\xD83D\xDE00"s), replaced + "\xF0\x9F\x98\x80"s);
}

TEST(Text, replaces_each_byte_that_begins_nothing) {
    const auto replacements = [](std::string_view text) {
        const auto wide = to_utf16(text);
        return wide == std::u16string(wide.size(), u'\uFFFD') ? wide.size() : 0;
    };
    EXPECT_EQ(replacements("\x80"), 1u) << "a continuation alone";
    EXPECT_EQ(replacements("\xC3"), 1u) << "cut off";
    EXPECT_EQ(replacements("\xF0\x9F\x98"), 3u) << "cut off";
    EXPECT_EQ(replacements("\xC0\x80"), 2u) << "two bytes for NUL";
    EXPECT_EQ(replacements("\xE0\x80\x80"), 3u) << "three bytes for NUL";
    EXPECT_EQ(replacements("\xED\xA0\x80"), 3u) << "a surrogate";
    EXPECT_EQ(replacements("\xF4\x90\x80\x80"), 4u) << "beyond U+10FFFF";
    EXPECT_EQ(replacements("\xFF\xFE"), 2u);
    EXPECT_EQ(to_utf16("\xC3("), u"\uFFFD(") << "what follows is read afresh";
}

RC_GTEST_PROP(Text, survives_any_bytes, (const std::string& bytes)) {
    const auto once = to_utf8(to_utf16(bytes));
    RC_ASSERT(to_utf8(to_utf16(once)) == once);
    RC_ASSERT(to_utf16(bytes).size() <= bytes.size());
}

RC_GTEST_PROP(Text, survives_any_wide_text, (const std::vector<std::uint16_t>& units)) {
    const std::u16string wide(units.begin(), units.end());
    const auto narrow = to_utf8(wide);
    RC_ASSERT(to_utf16(narrow).size() == wide.size());
    RC_ASSERT(to_utf8(to_utf16(narrow)) == narrow);
}

TEST(Text, views_foreign_text) {
    EXPECT_EQ(wide_view(nullptr), u"");
    EXPECT_EQ(wide_view(u""), u"");
    EXPECT_EQ(wide_view(u"ab"), u"ab");
}

TEST(Text, compares_without_case_in_ascii_only) {
    EXPECT_TRUE(equals_ignoring_case("WAVE1", "wave1"));
    EXPECT_TRUE(equals_ignoring_case("", ""));
    EXPECT_FALSE(equals_ignoring_case("wave", "wave1"));
    EXPECT_FALSE(equals_ignoring_case("wave1", "wave"));
    EXPECT_FALSE(equals_ignoring_case("\xC3\x84", "\xC3\xA4")) << "umlauts stay as they are";
    EXPECT_FALSE(equals_ignoring_case("[", "{")) << "neighbours of the letters";
    EXPECT_EQ(ascii_lower("AZ@[az\xC3\x84"), "az@[az\xC3\x84");
}

TEST(Text, is_trimmed_of_blanks_and_tabs) {
    EXPECT_EQ(trim(" \t a b\t "), "a b");
    EXPECT_EQ(trim(" \t "), "");
    EXPECT_EQ(trim(""), "");
    EXPECT_EQ(trim("\na\n"), "\na\n");
}

TEST(Text, writes_hexadecimal) {
    EXPECT_EQ(hex(0), "0x0");
    EXPECT_EQ(hex(0x2001), "0x2001");
    EXPECT_EQ(hex(~0ULL), "0xffffffffffffffff");
}

TEST(Text, VisibleLinesSteerNoTerminal) {
    EXPECT_EQ(visible("\x1b[2J\r\x7f"), "\\x1b[2J\\x0d\\x7f");
    EXPECT_EQ(visible("\xc2\x9b|\xe2\x80\xa8|\xe2\x81\xa6"),
              "\\xc2\\x9b|\\xe2\\x80\\xa8|\\xe2\\x81\\xa6");
    EXPECT_EQ(visible("\xff\xc3"), "\\xff\\xc3") << "no UTF-8";
    EXPECT_EQ(visible("C:\\a\t\xc3\xbc\xef\xbf\xbd"), "C:\\a\t\xc3\xbc\xef\xbf\xbd") << "as it is";
}

}  // namespace
}  // namespace instdrv
