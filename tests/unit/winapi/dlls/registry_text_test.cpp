#include "winapi/registry/text.hpp"

#include <cstring>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace instdrv::winapi::registry {
namespace {

Result<Key> parse(std::string_view text) { return parse_text(std::as_bytes(std::span(text)), "f"); }

std::string problem_of(std::string_view text) {
    const auto parsed = parse(text);
    return parsed ? "no problem" : parsed.error().cause;
}

constexpr std::string_view head = "Windows Registry Editor Version 5.00\n";

std::string with_head(std::string_view rest) { return std::string(head) + std::string(rest); }

TEST(RegistryText, IsReadableByPeople) {
    Key root;
    Key& key = make_key(root, {u"HKEY_LOCAL_MACHINE", u"Software", u"Example"});
    key.values[u""] = {REG_SZ, text_data(u"the default")};
    key.values[u"Path"] = {REG_SZ, text_data(u"C:\\a \"b\"")};
    key.values[u"Number"] = {REG_DWORD, {0x2A, 0, 0, 0}};
    key.values[u"Bytes"] = {REG_BINARY, {1, 2, 255}};
    key.values[u"Lines"] = {REG_SZ, text_data(u"a\nb")};
    key.values[u"Expand"] = {REG_EXPAND_SZ, text_data(u"%A")};
    EXPECT_EQ(to_text(root), with_head("\n[HKEY_LOCAL_MACHINE]\n"
                                       "\n[HKEY_LOCAL_MACHINE\\Software]\n"
                                       "\n[HKEY_LOCAL_MACHINE\\Software\\Example]\n"
                                       "@=\"the default\"\n"
                                       "\"Bytes\"=hex:01,02,ff\n"
                                       "\"Expand\"=hex(2):25,00,41,00,00,00\n"
                                       "\"Lines\"=hex(1):61,00,0a,00,62,00,00,00\n"
                                       "\"Number\"=dword:0000002a\n"
                                       "\"Path\"=\"C:\\\\a \\\"b\\\"\"\n"));
}

TEST(RegistryText, IsReadAsRegeditWritesIt) {
    const std::u16string wide =
        u"\ufeffWindows Registry Editor Version 5.00\r\n\r\n"
        u"; a comment\r\n"
        u"[HKEY_CURRENT_USER\\\u00dcber]\r\n"
        u"\"List\"=hex(7):61,00,00,00,\\\r\n  62,00,00,00,00,00\r\n"
        u"\"Gone\"=\"x\"\r\n\"Gone\"=-\r\n"
        u"[HKEY_CURRENT_USER\\Old]\r\n[-HKEY_CURRENT_USER\\Old]\r\n";
    const auto parsed = parse_text(std::as_bytes(std::span(wide)), "f");
    ASSERT_TRUE(parsed) << parsed.error().text();
    Key root = *parsed;
    EXPECT_EQ(find_key(root, {u"HKEY_CURRENT_USER", u"Old"}), nullptr);
    Key* const key = find_key(root, {u"hkey_current_user", u"\u00fcBER"});
    ASSERT_NE(key, nullptr) << "names compare without regard to case";
    EXPECT_EQ(key->values.size(), 1u);
    EXPECT_EQ(key->values[u"list"].data.size(), 10u);
}

TEST(RegistryText, NamesTheLineItDoesNotUnderstand) {
    EXPECT_EQ(problem_of(""), "line 1: it does not begin as a registry file does");
    EXPECT_EQ(problem_of("REGEDIT4\n"), "line 1: it does not begin as a registry file does");
    EXPECT_EQ(problem_of(with_head("\n\"a\"=\"b\"\n")), "line 3: a value that belongs to no key");
    EXPECT_EQ(problem_of(with_head("[HKLM\n")), "line 2: a key without its closing bracket");
    EXPECT_EQ(problem_of(with_head("[]\n")), "line 2: a key without a name");
    EXPECT_EQ(problem_of(with_head("[K]\nnonsense\n")), "line 3: neither a key nor a value");
    EXPECT_EQ(problem_of(with_head("[K]\n\"a=1\n")), "line 3: a text without its closing quote");
    EXPECT_EQ(problem_of(with_head("[K]\n\"a\"\n")), "line 3: a value without '='");
    EXPECT_EQ(problem_of(with_head("[K]\n\"a\"=qword:1\n")), "line 3: a value of unknown kind");
    EXPECT_EQ(problem_of(with_head("[K]\n\"a\"=dword:xyz\n")), "line 3: a number that is none");
    EXPECT_EQ(problem_of(with_head("[K]\n\"a\"=dword:123456789\n")),
              "line 3: a number that is none");
    EXPECT_EQ(problem_of(with_head("[K]\n\"a\"=hex:1,2,300\n")), "line 3: a byte that is none");
    EXPECT_EQ(problem_of(with_head("[K]\n\"a\"=hex(z):1\n")), "line 3: bytes of an unknown type");
    EXPECT_EQ(problem_of(with_head("[K]\n\"a\"=\"b\" c\n")), "line 3: something behind a text");
    EXPECT_EQ(problem_of(with_head("[" + std::string(300, 'k') + "]\n")),
              "line 2: a key's name is too long");
    std::string deep = "[K";
    for (int i = 0; i < 600; ++i)
        deep += "\\k";
    EXPECT_EQ(problem_of(with_head(deep + "]\n")), "line 2: a key that lies too deep");
}

// Names and data of every kind, small enough to be many.
std::u16string any_name() {
    const auto letters =
        *rc::gen::container<std::vector<std::uint16_t>>(rc::gen::weightedOneOf<std::uint16_t>({
            {8, rc::gen::inRange<std::uint16_t>(0x20, 0x7F)},
            {1, rc::gen::inRange<std::uint16_t>(0xA0, 0xD7FF)},
        }));
    std::u16string name(letters.begin(), letters.end());
    std::erase(name, u'\\');
    return name.substr(0, 20);
}

Value any_value() {
    const auto data =
        *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>());
    switch (*rc::gen::inRange(0, 3)) {
        case 0: return {REG_SZ, text_data(any_name())};
        case 1: return {*rc::gen::inRange<DWORD>(0, 12), data};
        default: return {REG_DWORD, {1, 2, 3, *rc::gen::arbitrary<std::uint8_t>()}};
    }
}

RC_GTEST_PROP(RegistryText, ReadsBackWhatItWrote, ()) {
    Key root;
    for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
        Path path = {u"HKEY_LOCAL_MACHINE"};
        for (int depth = *rc::gen::inRange(0, 4); depth > 0; --depth) {
            const std::u16string name = any_name();
            if (!name.empty()) path.push_back(name);
        }
        Key& key = make_key(root, path);
        for (int values = *rc::gen::inRange(0, 4); values > 0; --values) {
            key.values[any_name()] = any_value();
        }
    }
    const auto parsed = parse(to_text(root));
    RC_ASSERT(parsed.has_value());
    RC_ASSERT(*parsed == root);
}

RC_GTEST_PROP(RegistryText, TakesAnyBytesWithoutHarm, ()) {
    auto text =
        with_head("[K\\a]\n\"x\"=\"y\\\"z\"\n\"n\"=dword:00000001\n\"h\"=hex(2):61,\\\n 00\n");
    for (int changes = *rc::gen::inRange(1, 6); changes > 0; --changes) {
        text[*rc::gen::inRange<std::size_t>(0, text.size())] =
            static_cast<char>(*rc::gen::arbitrary<std::uint8_t>());
    }
    text.resize(*rc::gen::inRange<std::size_t>(0, text.size() + 1));
    const auto parsed = parse(text);
    if (parsed) RC_ASSERT(parse(to_text(*parsed)).has_value());
}

}  // namespace
}  // namespace instdrv::winapi::registry
