#include <array>
#include <cwctype>
#include <string>

#include <iconv.h>
#include <wctype.h>
#include <clocale>

#include "winapi/text/code_page.hpp"
#include "winapi/text/letter_case.hpp"

#include "windows_call.hpp"

namespace instdrv::winapi::test {
namespace {

// What the C library makes of one byte of a code page; empty where it has no character.
std::u16string iconv_byte(const char* page, unsigned char byte) {
    iconv_t const converter = ::iconv_open("UTF-16LE", page);
    std::array<char, 1> in{static_cast<char>(byte)};
    std::array<char, 8> out{};
    char* in_at = in.data();
    char* out_at = out.data();
    std::size_t in_left = in.size();
    std::size_t out_left = out.size();
    const bool converted = ::iconv(converter, &in_at, &in_left, &out_at, &out_left) != SIZE_MAX;
    ::iconv_close(converter);
    if (!converted) return {};
    return {reinterpret_cast<const char16_t*>(out.data()), (out.size() - out_left) / 2};
}

class SingleBytePage : public testing::TestWithParam<std::pair<UINT, const char*>> {};

TEST_P(SingleBytePage, AgreesWithIconv) {
    const auto [page, name] = GetParam();
    for (unsigned byte = 0; byte < 256; ++byte) {
        const std::u16string expected = iconv_byte(name, static_cast<unsigned char>(byte));
        const std::string text(1, static_cast<char>(byte));
        const Decoded decoded = decode(page, text);
        if (expected.empty()) {
            // 1252 leaves five bytes open, which Windows maps to controls; ASCII has no upper half.
            const auto open = static_cast<char16_t>(page == 1252 ? byte : 0xFFFD);
            EXPECT_EQ(decoded.all_valid, page == 1252) << byte;
            EXPECT_EQ(decoded.text, std::u16string(1, open)) << byte;
            continue;
        }
        EXPECT_EQ(decoded.text, expected) << byte;
        EXPECT_EQ(encode(page, decoded.text).bytes, text) << byte;
    }
}

TEST_P(SingleBytePage, HasNoOtherCharacters) {
    const UINT page = GetParam().first;
    unsigned valid = 0;
    for (unsigned unit = 0; unit <= 0xFFFF; ++unit) {
        const std::u16string text(1, static_cast<char16_t>(unit));
        const Encoded encoded = encode(page, text);
        if (!encoded.all_valid) continue;
        ++valid;
        EXPECT_EQ(decode(page, encoded.bytes).text, text) << unit;
    }
    EXPECT_EQ(valid, page == 20127 ? 128U : 256U);
}

INSTANTIATE_TEST_SUITE_P(Pages, SingleBytePage,
                         testing::Values(std::pair{1252u, "CP1252"}, std::pair{437u, "CP437"},
                                         std::pair{28591u, "ISO-8859-1"},
                                         std::pair{20127u, "ASCII"}),
                         [](const auto& tested) { return std::to_string(tested.param.first); });

int to_wide(UINT page, DWORD flags, std::string_view text, WCHAR* buffer, int size) {
    return call<int>("MultiByteToWideChar", page, flags, text.data(), static_cast<int>(text.size()),
                     buffer, size);
}

TEST(MultiByteToWideChar, CountsAndFills) {
    WCHAR buffer[8] = {};
    EXPECT_EQ(call<int>("MultiByteToWideChar", UINT{0}, DWORD{0}, "\x80uro", -1,
                        static_cast<WCHAR*>(nullptr), 0),
              5);
    EXPECT_EQ(call<int>("MultiByteToWideChar", UINT{0}, DWORD{0}, "\x80uro", -1, +buffer, 8), 5);
    EXPECT_EQ(std::u16string(buffer), u"€uro");
    EXPECT_EQ(to_wide(1252, 0, "abcdef", buffer, 3), 0);
    EXPECT_EQ(last_error_code(), ERROR_INSUFFICIENT_BUFFER);
    EXPECT_EQ(to_wide(1252, 0, "abc", buffer, 3), 3);
}

TEST(MultiByteToWideChar, RefusesWhatTheDocumentationRefuses) {
    WCHAR buffer[8] = {};
    EXPECT_EQ(to_wide(1252, 0, "", buffer, 8), 0);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(to_wide(932, 0, "a", buffer, 8), 0);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(to_wide(65001, 8, "a\xC3", buffer, 8), 0);
    EXPECT_EQ(last_error_code(), ERROR_NO_UNICODE_TRANSLATION);
    EXPECT_EQ(to_wide(65001, 0, "a\xC3", buffer, 8), 2);
    EXPECT_EQ(buffer[1], 0xFFFD);
    EXPECT_EQ(to_wide(65001, 8, "\xEF\xBF\xBD", buffer, 8), 1) << "U+FFFD itself is valid";
    EXPECT_EQ(to_wide(65001, 1, "a", buffer, 8), 0);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_FLAGS);
    EXPECT_EQ(to_wide(1252, 0, "a", nullptr, 8), 0);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
}

TEST(WideCharToMultiByte, TellsWhatItReplaced) {
    char buffer[16] = {};
    BOOL replaced = 7;
    const auto convert = [&](const WCHAR* text, const char* substitute) {
        return call<int>("WideCharToMultiByte", UINT{0}, DWORD{0}, text, -1, +buffer, 16,
                         substitute, &replaced);
    };
    EXPECT_EQ(convert(u"na\u00EFve", nullptr), 6);
    EXPECT_STREQ(buffer, "na\xEFve");
    EXPECT_EQ(replaced, FALSE);
    EXPECT_EQ(convert(u"\u65E5x", "_"), 3);
    EXPECT_STREQ(buffer, "_x");
    EXPECT_EQ(replaced, TRUE);
    EXPECT_EQ(call<int>("WideCharToMultiByte", UINT{65001}, DWORD{0}, u"a", 1, +buffer, 16,
                        static_cast<const char*>(nullptr), &replaced),
              0)
        << "UTF-8 takes no answer about replacements";
    EXPECT_EQ(call<int>("WideCharToMultiByte", UINT{65001}, DWORD{0x80}, u"\xD800", 1, +buffer, 16,
                        static_cast<const char*>(nullptr), static_cast<BOOL*>(nullptr)),
              0);
    EXPECT_EQ(last_error_code(), ERROR_NO_UNICODE_TRANSLATION);
    EXPECT_EQ(call<int>("WideCharToMultiByte", UINT{65001}, DWORD{0}, u"\u20AC", 1, +buffer, 16,
                        static_cast<const char*>(nullptr), static_cast<BOOL*>(nullptr)),
              3);
}

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
