#include "base/json_text.hpp"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace instdrv {
namespace {

using nlohmann::json;

json read(const json& value) { return json::parse(json_text(value, -1)); }

TEST(JsonText, IsWhatWasPutIn) {
    const json value = {
        {"name", "Grüße"}, {"list", {"a", 1, nullptr, true}}, {"deep", {{"x", 0.5}}}};
    EXPECT_EQ(read(value), value);
    EXPECT_EQ(json_text(json::array({1, 2}), -1), "[1,2]");
    EXPECT_EQ(json_text(json::object(), 2), "{}");
}

TEST(JsonText, HasTheBytesOfATextThatIsNoUtf8BesideIt) {
    const json value = {{"cause", "bad \xff\xfe"}, {"good", "text"}};
    EXPECT_EQ(
        read(value),
        json({{"cause", "bad \ufffd\ufffd"}, {"cause_bytes", "62616420fffe"}, {"good", "text"}}));
}

TEST(JsonText, HasTheBytesOfAListBesideIt) {
    const json value = {{"lines", {"fine", "\xc3", 3}}};
    EXPECT_EQ(read(value),
              json({{"lines", {"fine", "\ufffd", 3}}, {"lines_bytes", {nullptr, "c3", nullptr}}}));
}

TEST(JsonText, LooksIntoListsOfObjects) {
    const json value = json::array({{{"name", "\x80"}}});
    EXPECT_EQ(read(value), json::array({{{"name", "\ufffd"}, {"name_bytes", "80"}}}));
}

TEST(JsonText, SteersNoTerminal) {
    const std::string steering = "\x1b[2J\x7f\u009b\u202e\u2028\r\n";
    const auto text = json_text({{steering, steering}}, -1);
    EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; })) << text;
    EXPECT_EQ(json::parse(text)[steering], steering);
}

}  // namespace
}  // namespace instdrv
