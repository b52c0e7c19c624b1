#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "catalog/ini.hpp"

namespace instdrv::catalog {
namespace {

using testing::HasSubstr;

Result<Ini> parse(std::string_view text) { return Ini::parse(std::as_bytes(std::span(text))); }

std::string value(const Result<Ini>& ini, std::string_view section, std::string_view key) {
    if (!ini) return "error: " + ini.error().text();
    const auto* entry = ini->find(section, key);
    return entry == nullptr ? "none" : entry->value;
}

// The answers of GetPrivateProfileString under Wine 8 to the same file, but for double quotes,
// which stay, and for comments and headers without end, which it takes for entries of their own.
TEST(Ini, reads_what_windows_reads) {
    const auto ini = parse(
        "[a]\r\nk1=one\r\n  k2 =  two words  \t\r\ndup=1\r\nDUP=2\r\nsq='single q'\r\n"
        "half=\"x y\" tail\r\ninline=v ; not comment\r\nsp ace=1\r\nnokey\r\n\tind=tab\r\n"
        "#hash=1\r\nempty=\r\n;c=comment\r\neq=a=b\r\nmixq=\"a'\r\n[ b ]\r\nx=bb\r\n"
        "[A]\r\nlater=lost\r\n[d] tail\r\nx=dd\r\n  [e]\r\nx=ee");
    EXPECT_EQ(value(ini, "a", "k1"), "one");
    EXPECT_EQ(value(ini, "A", "K2"), "two words");
    EXPECT_EQ(value(ini, "a", "dup"), "1");
    EXPECT_EQ(value(ini, "a", "sq"), "single q");
    EXPECT_EQ(value(ini, "a", "half"), "\"x y\" tail");
    EXPECT_EQ(value(ini, "a", "inline"), "v ; not comment");
    EXPECT_EQ(value(ini, "a", "sp ace"), "1");
    EXPECT_EQ(value(ini, "a", "nokey"), "none");
    EXPECT_EQ(value(ini, "a", "ind"), "tab");
    EXPECT_EQ(value(ini, "a", "#hash"), "1");
    EXPECT_EQ(value(ini, "a", "empty"), "");
    EXPECT_EQ(value(ini, "a", ";c"), "none");
    EXPECT_EQ(value(ini, "a", "eq"), "a=b");
    EXPECT_EQ(value(ini, "a", "mixq"), "\"a'");
    EXPECT_EQ(value(ini, "b", "x"), "bb");
    EXPECT_EQ(value(ini, "a", "later"), "none");
    EXPECT_EQ(value(ini, "d", "x"), "dd");
    EXPECT_EQ(value(ini, "e", "x"), "ee");
}

TEST(Ini, keeps_the_order_of_the_file_and_its_lines) {
    const auto ini = parse("; top\n\n[B]\nz=1\n[A]\ny=2\nZ = 3\n");
    ASSERT_TRUE(ini);
    ASSERT_EQ(ini->entries().size(), 3u);
    EXPECT_EQ(ini->entries()[0].section, "B");
    EXPECT_EQ(ini->entries()[0].line, 4u);
    EXPECT_EQ(ini->entries()[2].key, "Z");
    EXPECT_EQ(ini->entries()[2].line, 7u);
}

TEST(Ini, ends_lines_as_any_system_does) {
    EXPECT_EQ(value(parse("[a]\rx=1\ry=2"), "a", "y"), "2");
    const auto mixed = parse("[a]\r\n\rx=1\n\r\ny=2");
    ASSERT_TRUE(mixed);
    EXPECT_EQ(mixed->find("a", "x")->line, 3u);
    EXPECT_EQ(mixed->find("a", "y")->line, 5u);
}

TEST(Ini, ends_at_a_ctrl_z) {
    const auto ini = parse(std::string("[a]\nx=1\n\x1A\0\0garbage", 19));
    EXPECT_EQ(value(ini, "a", "x"), "1");
}

TEST(Ini, takes_byte_order_marks) {
    EXPECT_EQ(value(parse("\xEF\xBB\xBF[a]\nx=\xC3\xA9"), "a", "x"), "\xC3\xA9");
    std::string wide = "\xFF\xFE";
    for (const char16_t c : std::u16string(u"[a]\r\nx=\u00E9\r\n")) {
        wide += static_cast<char>(c & 0xFF);
        wide += static_cast<char>(c >> 8);
    }
    EXPECT_EQ(value(parse(wide), "a", "x"), "\xC3\xA9");
    EXPECT_EQ(value(parse(wide + "x"), "a", "x"), "\xC3\xA9") << "half a character at the end";
    const auto big_endian = parse(std::string("\xFE\xFF\0[", 4));
    ASSERT_FALSE(big_endian);
    EXPECT_THAT(big_endian.error().cause, HasSubstr("big-endian"));
}

TEST(Ini, may_be_empty) {
    for (const auto* text :
         {"", "\xEF\xBB\xBF", "\xFF\xFE", "\n\n", "; nothing", "[a]", "[a]\nb"}) {
        const auto ini = parse(text);
        ASSERT_TRUE(ini) << text;
        EXPECT_TRUE(ini->entries().empty()) << text;
    }
}

struct Bad {
    std::string text;
    std::string cause;
};

TEST(Ini, says_what_is_wrong_and_where) {
    const std::vector<Bad> all = {
        {"[a]\nx=1\n[b\n", "line 3: a section header without ']'"},
        {"[]\n", "line 1: a section without a name"},
        {"[ \t]\n", "line 1: a section without a name"},
        {"[a]\n\n = 5\n", "line 3: an entry without a name"},
        {"\nx=1\n", "line 2: there is text before the first [section]"},
        {"Dear reader,\n", "line 1: there is text before the first [section]"},
        {std::string("[a]\nx=\0\n", 8), "line 2: a control character (0x00)"},
        {"[a]\n; \x01\n", "line 2: a control character (0x01)"},
        {"MZ\x90\x03", "line 1: a control character (0x03)"},
        {"[a]\nx=caf\xE9\n", "line 2: the text is not UTF-8"},
        {"[a]\nx=" + std::string(Ini::longest_line, 'y'), "line 2: longer than 8192 bytes"},
        {std::string(Ini::longest_file + 1, '\n'), "line 1: the file is longer than"},
    };
    for (const auto& bad : all) {
        const auto ini = parse(bad.text);
        ASSERT_FALSE(ini) << bad.cause;
        EXPECT_EQ(ini.error().code, ErrorCode::configuration);
        EXPECT_THAT(ini.error().cause, HasSubstr(bad.cause));
        EXPECT_FALSE(ini.error().advice.empty());
    }
}

TEST(Ini, lets_comments_be_in_any_encoding) {
    EXPECT_EQ(value(parse("; caf\xE9\n[a]\nx=1"), "a", "x"), "1");
}

RC_GTEST_PROP(Ini, survives_any_bytes, (const std::vector<std::uint8_t>& bytes)) {
    const auto ini = Ini::parse(std::as_bytes(std::span(bytes)));
    if (!ini) {
        RC_ASSERT(ini.error().cause.starts_with("line "));
        return;
    }
    for (const auto& entry : ini->entries()) {
        RC_ASSERT(!entry.key.empty() && !entry.section.empty());
        RC_ASSERT(ini->find(entry.section, entry.key) == &entry);
    }
}

// Text made of what an INI file is made of gets further than bytes at random.
RC_GTEST_PROP(Ini, survives_anything_like_itself, ()) {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("[", "]", "=", ";", "\"", "'", "\r", "\n", " ", "\t", "a",
                                      "B", "\xC3\xA9", "[a]\n", "k=v\n"));
    std::string text;
    for (const auto& piece : pieces)
        text += piece;
    const auto ini = parse(text);
    if (!ini) return;
    for (const auto& entry : ini->entries()) {
        RC_ASSERT(trim(entry.key) == entry.key);
        RC_ASSERT(ini->find(ascii_lower(entry.section), ascii_lower(entry.key)) == &entry);
    }
}

}  // namespace
}  // namespace instdrv::catalog
