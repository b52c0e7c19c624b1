#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "catalog/name.hpp"

namespace instdrv::catalog {
namespace {

void expect(std::string_view text, std::string_view name, std::string_view rest, bool is_path) {
    const auto parsed = parse_driver_name(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().text();
    EXPECT_EQ(parsed->name, name) << text;
    EXPECT_EQ(parsed->text, rest) << text;
    EXPECT_EQ(parsed->is_path, is_path) << text;
}

TEST(DriverName, splits_at_the_first_space) {
    expect("proto.drv", "proto.drv", "", false);
    expect("proto.drv com1", "proto.drv", "com1", false);
    expect("mciwave.drv    4", "mciwave.drv", "4", false);
    expect("a b  c ", "a", "b  c ", false);
}

TEST(DriverName, has_no_text_where_only_blanks_follow) {
    expect("wave ", "wave", "", false);
    expect("wave     ", "wave", "", false);
    expect("   wave", "wave", "", false);
}

TEST(DriverName, takes_a_tab_for_a_letter) {
    expect("a\tb", "a\tb", "", false);
    expect("a \tb", "a", "\tb", false);
}

TEST(DriverName, with_a_separator_is_a_path) {
    expect("./a.so", "./a.so", "", true);
    expect("C:\\windows\\x.drv com1", "C:\\windows\\x.drv", "com1", true);
    expect("x.drv /verbose", "x.drv", "/verbose", false);
}

TEST(DriverName, may_be_quoted) {
    expect("\"/my drivers/a.dll\"", "/my drivers/a.dll", "", true);
    expect("\"/my drivers/a.dll\" some text", "/my drivers/a.dll", "some text", true);
    expect("  \"a b\"   c", "a b", "c", false);
    expect("a \"quoted text\"", "a", "\"quoted text\"", false);
    expect("a\"b c\"", "a\"b", "c\"", false);
}

TEST(DriverName, cannot_be_empty_or_half_quoted) {
    for (const std::string text : {"", " ", "   ", "\"\"", "\"\" text", "\"open", "\"", "\"a\"b"}) {
        const auto parsed = parse_driver_name(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, ErrorCode::invalid_argument);
        EXPECT_FALSE(parsed.error().cause.empty());
    }
    EXPECT_FALSE(parse_driver_name(std::string("a\0b", 3)));
    EXPECT_FALSE(parse_driver_name(std::string("a\0", 2)));
}

RC_GTEST_PROP(DriverName, survives_any_text, (const std::string& text)) {
    const auto parsed = parse_driver_name(text);
    if (!parsed) return;
    RC_ASSERT(!parsed->name.empty());
    RC_ASSERT(text.find(parsed->name) != std::string::npos);
    RC_ASSERT(text.ends_with(parsed->text) && !parsed->text.starts_with(' '));
}

RC_GTEST_PROP(DriverName, reads_back_what_was_quoted, (std::string name, std::string text)) {
    std::erase_if(name, [](char c) { return c == '"' || c == '\0'; });
    std::erase(text, '\0');
    text.erase(0, text.find_first_not_of(' '));
    RC_PRE(!name.empty());
    const auto parsed = parse_driver_name("\"" + name + "\" " + text);
    RC_ASSERT(parsed.has_value());
    RC_ASSERT(parsed->name == name);
    RC_ASSERT(parsed->text == text);
}

}  // namespace
}  // namespace instdrv::catalog
