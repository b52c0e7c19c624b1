// The _mbs functions in Shift-JIS, and in the usual code page of one byte per character.
#include <string_view>

#include <gtest/gtest.h>

#include "kernel/driver_text_scope.hpp"
#include "kernel/windows_call.hpp"

namespace instdrv::winapi::test {
namespace {

template <class Answer, class... Arguments>
Answer call_crt(std::string_view name, Arguments... arguments) {
#if defined(__x86_64__)
    using Function = Answer(WINCALL*)(Arguments...);
#else
    using Function = Answer (*)(Arguments...);
#endif
    Process::instance().prepare_thread();
    return as_function<Function>(address_in("msvcrt.dll", name))(arguments...);
}

constexpr const char* table =
    "\x95\x5C"
    "a\\b";  // a character whose second byte is a backslash's

class Multibyte : public testing::Test {
    const DriverTextScope driver_{japanese};
};

TEST_F(Multibyte, GoesByCharacters) {
    EXPECT_EQ(call_crt<SIZE_T>("_mbslen", table), 4U);
    EXPECT_EQ(call_crt<const char*>("_mbsinc", table), table + 2);
    EXPECT_EQ(call_crt<const char*>("_mbsdec", table, table + 2), table);
    EXPECT_EQ(call_crt<const char*>("_mbsdec", table, table + 3), table + 2);
    EXPECT_EQ(call_crt<const char*>("_mbsdec", table, table), nullptr);
    EXPECT_EQ(call_crt<const char*>("_mbschr", table, unsigned{'\\'}), table + 3);
    EXPECT_EQ(call_crt<const char*>("_mbschr", table, 0x955CU), table);
    EXPECT_EQ(call_crt<const char*>("_mbschr", table, 0U), table + 5);
    EXPECT_EQ(call_crt<const char*>("_mbsrchr", "\x95\x5C", unsigned{'\\'}), nullptr);
    EXPECT_EQ(call_crt<const char*>("_mbsstr", table, "\\"), table + 3);
    EXPECT_EQ(call_crt<const char*>("_mbsstr", table, "c"), nullptr);
}

TEST_F(Multibyte, ComparesByCharacters) {
    const auto compare = [](const char* name, const char* a, const char* b) {
        return call_crt<int>(name, a, b);
    };
    EXPECT_LT(compare("_mbscmp", "\xB1", "\x81\x40"), 0) << "a pair is more than a single byte";
    EXPECT_EQ(compare("_mbscmp", table, table), 0);
    EXPECT_GT(compare("_mbscmp", "ab", "a"), 0);
    EXPECT_EQ(compare("_mbsicmp", "A\x82\x60", "a\x82\x81"), 0) << "full-width A and a";
    EXPECT_NE(compare("_mbsicmp", "\x95\x5C", "\x95\x7C"), 0) << "second bytes have no case";
    EXPECT_EQ(call_crt<int>("_mbsncmp", "\x95\x5Cx", "\x95\x5Cy", SIZE_T{1}), 0);
    EXPECT_NE(call_crt<int>("_mbsncmp", "\x95\x5Cx", "\x95\x5Cy", SIZE_T{2}), 0);
    EXPECT_EQ(call_crt<int>("_mbsnicmp", "X\x95\x5C", "x\x95\x5D", SIZE_T{1}), 0);
    EXPECT_EQ(call_crt<int>("_mbsnbicmp", "X\x95\x5C", "x\x95\x5D", SIZE_T{2}), 0)
        << "half a character";
    EXPECT_NE(call_crt<int>("_mbsnbicmp", "X\x95\x5C", "x\x95\x5D", SIZE_T{3}), 0);
}

TEST_F(Multibyte, CopiesWholeCharacters) {
    char buffer[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    call_crt<char*>("_mbsnbcpy", +buffer, "a\x95\x5C", SIZE_T{2});
    EXPECT_EQ(std::string_view(buffer, 3), std::string_view("a\0\1", 3));
    call_crt<char*>("_mbsncpy", +buffer, "a\x95\x5Cz", SIZE_T{2});
    EXPECT_EQ(std::string_view(buffer, 4), "a\x95\x5C\1");
    call_crt<char*>("_mbsncpy", +buffer, "a", SIZE_T{3});
    EXPECT_EQ(std::string_view(buffer, 4), std::string_view("a\0\0\1", 4));
    call_crt<char*>("_mbscpy", +buffer, "\x82\x81");
    call_crt<char*>("_mbscat", +buffer, "z");
    call_crt<char*>("_mbsupr", +buffer);
    EXPECT_STREQ(buffer, "\x82\x60Z");
    call_crt<char*>("_mbslwr", +buffer);
    EXPECT_STREQ(buffer, "\x82\x81z");
}

TEST_F(Multibyte, TellsOfBytes) {
    EXPECT_NE(call_crt<int>("_ismbblead", 0x95U), 0);
    EXPECT_EQ(call_crt<int>("_ismbblead", 0xB1U), 0);
    EXPECT_NE(call_crt<int>("_ismbbtrail", 0x5CU), 0);
    EXPECT_EQ(call_crt<int>("_ismbbtrail", 0x39U), 0);
    EXPECT_NE(call_crt<int>("_ismbclegal", 0x955CU), 0);
    EXPECT_EQ(call_crt<int>("_ismbclegal", 0x9539U), 0);
    EXPECT_EQ(call_crt<int>("_ismbclegal", unsigned{'a'}), 0);
}

TEST_F(Multibyte, HasTheTableThatTheDriverReads) {
    const auto* const types = call_crt<const unsigned char*>("__p__mbctype");
    EXPECT_EQ(types, address_in("msvcrt.dll", "_mbctype"));
    EXPECT_EQ(types[0x95 + 1] & 0x04, 0x04);
    EXPECT_EQ(call_crt<int>("_getmbcp"), 932);
    EXPECT_EQ(call_crt<int>("_setmbcp", 949), 0);
    EXPECT_EQ(call_crt<int>("_getmbcp"), 949);
    EXPECT_EQ(types[0xB1 + 1] & 0x04, 0x04) << "in its place";
    EXPECT_EQ(call_crt<int>("_setmbcp", 0), 0);
    EXPECT_EQ(call_crt<int>("_getmbcp"), 0);
    EXPECT_EQ(call_crt<SIZE_T>("_mbslen", table), 5U);
    EXPECT_EQ(call_crt<int>("_setmbcp", 12345), -1);
    EXPECT_EQ(call_crt<int>("_setmbcp", -3), 0);
    EXPECT_EQ(call_crt<int>("_getmbcp"), 932);
}

TEST_F(Multibyte, SplitsPaths) {
    char folder[16] = {};
    char name[16] = {};
    call_crt<void>("_splitpath", "C:\\x\\\x95\x5C.txt", static_cast<char*>(nullptr), +folder, +name,
                   static_cast<char*>(nullptr));
    EXPECT_STREQ(folder, "\\x\\");
    EXPECT_STREQ(name, "\x95\x5C");
    char path[32] = {};
    call_crt<void>("_makepath", +path, "C", "\\\x95\x5C", "y", "z");
    EXPECT_STREQ(path, "C:\\\x95\x5C\\y.z");
}

TEST(MultibyteOfOneByte, GoesByBytes) {
    EXPECT_EQ(call_crt<SIZE_T>("_mbslen", table), 5U);
    EXPECT_EQ(call_crt<const char*>("_mbschr", table, unsigned{'\\'}), table + 1);
    EXPECT_EQ(call_crt<int>("_getmbcp"), 0);
    EXPECT_EQ(call_crt<int>("_ismbblead", 0x95U), 0);
    EXPECT_EQ(call_crt<int>("_mbsicmp", "Ab", "aB"), 0);
    EXPECT_NE(call_crt<int>("_mbsicmp", "\xC9", "\xE9"), 0) << "the \"C\" locale's case";
}

}  // namespace
}  // namespace instdrv::winapi::test
