#include <cwctype>
#include <string>

#include <wctype.h>
#include <clocale>

#include "winapi/text/letter_case.hpp"

#include "windows_call.hpp"

namespace instdrv::winapi::test {
namespace {

TEST(LetterCase, GoesThereAndBack) {
    EXPECT_EQ(upper_case(u'z'), u'Z');
    EXPECT_EQ(upper_case(u'ÿ'), u'Ÿ');
    EXPECT_EQ(upper_case(u'÷'), u'÷');
    EXPECT_EQ(upper_case(u'ß'), u'ß');
    EXPECT_EQ(upper_case(u'ž'), u'Ž');
    EXPECT_EQ(upper_case(u'я'), u'Я');
    EXPECT_EQ(upper_case(u'ω'), u'Ω');
    for (const char16_t alone : u"\u0130\u0131\u017F\u03C2\u1E9E")
        EXPECT_EQ(upper_case(alone) + lower_case(alone), 2 * alone) << unsigned{alone};
}

TEST(LetterCase, AgreesWithTheLibraryOnEveryPair) {
    locale_t const unicode = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    ASSERT_NE(unicode, nullptr);
    for (std::wint_t c = 0; c <= 0xFFFF; ++c) {
        const auto upper = ::towupper_l(c, unicode);
        const auto lower = ::towlower_l(c, unicode);
        const bool has_upper = upper <= 0xFFFF && ::towlower_l(upper, unicode) == c;
        const bool has_lower = lower <= 0xFFFF && ::towupper_l(lower, unicode) == c;
        EXPECT_EQ(upper_case(static_cast<char16_t>(c)), has_upper ? upper : c) << c;
        EXPECT_EQ(lower_case(static_cast<char16_t>(c)), has_lower ? lower : c) << c;
    }
    ::freelocale(unicode);
}

TEST(StringFunctions, CompareAsWindowsDoes) {
    const auto compare = [](const WCHAR* a, const WCHAR* b) { return call<int>("lstrcmpW", a, b); };
    EXPECT_EQ(compare(u"abc", u"abc"), 0);
    EXPECT_LT(compare(u"abc", u"ABC"), 0) << "lower case comes first";
    EXPECT_LT(compare(u"ABC", u"abd"), 0) << "the alphabet counts more than case";
    EXPECT_LT(compare(u"ab", u"abc"), 0);
    EXPECT_LT(compare(nullptr, u""), 0);
    EXPECT_EQ(compare(nullptr, nullptr), 0);
    EXPECT_EQ(call<int>("lstrcmpiA", "MsAdp32.ACM", "msadp32.acm"), 0);
    EXPECT_EQ(call<int>("CompareStringW", DWORD{0x409}, DWORD{1}, u"x", -1, u"X", -1), 2);
    EXPECT_EQ(call<int>("CompareStringOrdinal", u"a", -1, u"B", -1, BOOL{FALSE}), 3);
    EXPECT_EQ(call<int>("CompareStringOrdinal", u"a", -1, u"B", -1, BOOL{TRUE}), 1);
}

TEST(StringFunctions, CutCopiesToFit) {
    char buffer[5] = {1, 1, 1, 1, 1};
    EXPECT_EQ(call<char*>("lstrcpynA", +buffer, "abcdef", LONG{4}), buffer);
    EXPECT_STREQ(buffer, "abc");
    EXPECT_EQ(buffer[4], 1);
    EXPECT_EQ(call<char*>("lstrcpynA", +buffer, static_cast<const char*>(nullptr), LONG{4}),
              nullptr);
    EXPECT_EQ(call<LONG>("lstrlenW", static_cast<const WCHAR*>(nullptr)), 0);
}

TEST(FormatMessage, PutsInsertsIn) {
    char buffer[64] = {};
    const std::uintptr_t inserts[] = {reinterpret_cast<std::uintptr_t>("disk"), 42};
    const auto format = [&](DWORD flags, const char* source, DWORD code, void* arguments) {
        return call<DWORD>("FormatMessageA", flags, static_cast<const void*>(source), code,
                           DWORD{0}, +buffer, DWORD{64}, arguments);
    };
    EXPECT_EQ(
        format(0x2400, "%1 has %2!u! files%%%0 not this", 0, const_cast<std::uintptr_t*>(inserts)),
        18u);
    EXPECT_STREQ(buffer, "disk has 42 files%");
    EXPECT_GT(format(0x1200, nullptr, ERROR_FILE_NOT_FOUND, nullptr), 0u);
    EXPECT_STREQ(buffer, "The system cannot find the file specified.\r\n");
    EXPECT_EQ(format(0x1200, nullptr, 0xDEAD, nullptr), 0u);
}

TEST(MulDiv, RoundsHalvesAwayFromZero) {
    const auto muldiv = [](int a, int b, int c) { return call<int>("MulDiv", a, b, c); };
    EXPECT_EQ(muldiv(7, 1, 2), 4);
    EXPECT_EQ(muldiv(-7, 1, 2), -4);
    EXPECT_EQ(muldiv(7, 1, -2), -4);
    EXPECT_EQ(muldiv(0x7FFFFFFF, 0x7FFFFFFF, 0x7FFFFFFF), 0x7FFFFFFF);
    EXPECT_EQ(muldiv(1, 1, 0), -1);
    EXPECT_EQ(muldiv(0x7FFFFFFF, 2, 1), -1);
    EXPECT_EQ(muldiv(INT32_MIN, INT32_MIN, 1), -1);
}

}  // namespace
}  // namespace instdrv::winapi::test
