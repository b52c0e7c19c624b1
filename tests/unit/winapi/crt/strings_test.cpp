// The string functions that are told how much room there is, and conversions between widths.
#include <cerrno>
#include <string>

#include <gtest/gtest.h>

#include "dlls/dll_call.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::test {
namespace {

constexpr CalledDll ucrt{"ucrtbase.dll"};
constexpr CalledDll msvcrt{"msvcrt.dll"};
constexpr SIZE_T truncate = ~SIZE_T{0};

TEST(BoundedText, CopiesWhatFitsAndEmptiesOtherwise) {
    char text[4] = "xyz";
    EXPECT_EQ(ucrt.call<int>("strcpy_s", +text, SIZE_T{4}, "abc"), 0);
    EXPECT_STREQ(text, "abc");
    EXPECT_EQ(ucrt.call<int>("strcpy_s", +text, SIZE_T{4}, "abcd"), ERANGE);
    EXPECT_STREQ(text, "");
    EXPECT_EQ(ucrt.call<int>("strcpy_s", nullptr, SIZE_T{4}, "abcd"), EINVAL);
    EXPECT_EQ(ucrt.call<int>("strncpy_s", +text, SIZE_T{4}, "abcdef", SIZE_T{3}), 0);
    EXPECT_STREQ(text, "abc");
    EXPECT_EQ(ucrt.call<int>("strncpy_s", +text, SIZE_T{4}, "abcdef", truncate), crt::STRUNCATE);
    EXPECT_STREQ(text, "abc");
    EXPECT_EQ(ucrt.call<int>("strncpy_s", +text, SIZE_T{4}, "abcdef", SIZE_T{5}), ERANGE);
}

TEST(BoundedText, AppendsBehindWhatIsThere) {
    WCHAR text[6] = u"ab";
    EXPECT_EQ(ucrt.call<int>("wcscat_s", +text, SIZE_T{6}, u"cde"), 0);
    EXPECT_EQ(std::u16string(text), u"abcde");
    EXPECT_EQ(ucrt.call<int>("wcscat_s", +text, SIZE_T{6}, u"f"), ERANGE);
    WCHAR open_ended[2] = {u'x', u'y'};
    EXPECT_EQ(ucrt.call<int>("wcscat_s", +open_ended, SIZE_T{2}, u"f"), EINVAL);
}

TEST(Widths, RelateByCode) {
    WCHAR wide[8] = {};
    EXPECT_EQ(ucrt.call<SIZE_T>("mbstowcs", +wide, "\xe4z", SIZE_T{8}), 2u);
    EXPECT_EQ(std::u16string(wide), u"\u00e4z");
    char narrow[8] = {};
    EXPECT_EQ(ucrt.call<SIZE_T>("wcstombs", +narrow, u"\u00e4z", SIZE_T{8}), 2u);
    EXPECT_STREQ(narrow, "\xe4z");
    EXPECT_EQ(ucrt.call<SIZE_T>("wcstombs", +narrow, u"\u4e2d", SIZE_T{8}), truncate);
    EXPECT_EQ(*ucrt.call<int*>("_errno"), crt::windows_EILSEQ);
    SIZE_T converted = 0;
    EXPECT_EQ(ucrt.call<int>("mbstowcs_s", &converted, +wide, SIZE_T{3}, "abc", SIZE_T{3}), ERANGE);
    EXPECT_EQ(ucrt.call<int>("mbstowcs_s", &converted, +wide, SIZE_T{3}, "abc", truncate),
              crt::STRUNCATE);
    EXPECT_EQ(converted, 3u);
    EXPECT_EQ(std::u16string(wide), u"ab");
}

TEST(LocaleForms, AreTheFunctionsWithoutALocale) {
    EXPECT_EQ(ucrt.call<int>("_stricmp_l", "ABC", "abc", nullptr), 0);
    EXPECT_EQ(address_in("msvcrt.dll", "_strtod_l"), address_in("msvcrt.dll", "strtod"));
}

TEST(NumberedRuntimes, AreMsvcrt) {
    EXPECT_EQ(find_dll("MSVCR120.dll"), find_dll("msvcrt.dll"));
    EXPECT_EQ(find_dll("msvcrx.dll"), nullptr);
    EXPECT_EQ(address_in("VCRUNTIME140.dll", "memcpy"), address_in("ucrtbase.dll", "memcpy"));
}

TEST(ExceptionTexts, AreCopiedWhereTheyAreOwned) {
    struct Text {
        const char* text;
        bool owned;
    };
    constexpr CalledDll vcruntime{"vcruntime140.dll"};
    const Text constant{"fixed", false};
    Text copy{};
    vcruntime.call<void>("__std_exception_copy", &constant, &copy);
    EXPECT_EQ(copy.text, constant.text);
    const Text owned{"made", true};
    vcruntime.call<void>("__std_exception_copy", &owned, &copy);
    EXPECT_NE(copy.text, owned.text);
    EXPECT_STREQ(copy.text, "made");
    vcruntime.call<void>("__std_exception_destroy", &copy);
    EXPECT_EQ(copy.text, nullptr);
}

TEST(Tokens, AreDeclaredDifferentlyByTheRuntimes) {
    WCHAR text[] = u"a b";
    WCHAR* rest = nullptr;
    EXPECT_EQ(std::u16string(ucrt.call<LPWSTR>("wcstok", +text, u" ", &rest)), u"a");
    EXPECT_EQ(std::u16string(ucrt.call<LPWSTR>("wcstok", nullptr, u" ", &rest)), u"b");
    EXPECT_EQ(ucrt.call<LPWSTR>("wcstok", nullptr, u" ", &rest), nullptr);
    WCHAR other[] = u"x y";
    EXPECT_EQ(std::u16string(msvcrt.call<LPWSTR>("wcstok", +other, u" ")), u"x");
    EXPECT_EQ(std::u16string(msvcrt.call<LPWSTR>("wcstok", nullptr, u" ")), u"y");
}

TEST(Blocks, AreAlignedResizedAndFreed) {
    void* const aligned = ucrt.call<void*>("_aligned_malloc", SIZE_T{100}, SIZE_T{4096});
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(aligned) % 4096, 0u);
    ucrt.call<void>("_aligned_free", aligned);
    EXPECT_EQ(ucrt.call<void*>("_aligned_malloc", SIZE_T{100}, SIZE_T{3}), nullptr);
    EXPECT_EQ(ucrt.call<void*>("calloc", ~SIZE_T{0}, SIZE_T{16}), nullptr);
    EXPECT_EQ(*ucrt.call<int*>("_errno"), ENOMEM);
    void* block = ucrt.call<void*>("malloc", SIZE_T{3});
    EXPECT_EQ(ucrt.call<SIZE_T>("_msize", block), 3u);
    block = ucrt.call<void*>("_recalloc", block, SIZE_T{4}, SIZE_T{100});
    EXPECT_EQ(static_cast<char*>(block)[399], 0);
    EXPECT_EQ(ucrt.call<void*>("realloc", block, SIZE_T{0}), nullptr);
}

TEST(Environment, IsTheDriversNotTheHosts) {
    setenv("INSTDRV_TEST_SECRET", "host", 1);
    EXPECT_EQ(ucrt.call<const char*>("getenv", "INSTDRV_TEST_SECRET"), nullptr);
    EXPECT_EQ(ucrt.call<int>("_putenv", "CrtTest=value"), 0);
    EXPECT_STREQ(ucrt.call<const char*>("getenv", "CRTTEST"), "value");
    EXPECT_EQ(std::u16string(ucrt.call<LPCWSTR>("_wgetenv", u"CrtTest")), u"value");
    SIZE_T needed = 0;
    char buffer[4];
    EXPECT_EQ(ucrt.call<int>("getenv_s", &needed, +buffer, SIZE_T{4}, "CrtTest"), ERANGE);
    EXPECT_EQ(needed, 6u);
    EXPECT_EQ(ucrt.call<int>("_putenv_s", "CrtTest", ""), 0);
    EXPECT_EQ(ucrt.call<const char*>("getenv", "CrtTest"), nullptr);
}

}  // namespace
}  // namespace instdrv::winapi::test
