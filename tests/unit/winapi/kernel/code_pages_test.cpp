#include <string>
#include <string_view>

#include "winapi/text/code_page.hpp"

#include "driver_text_scope.hpp"
#include "windows_call.hpp"

namespace instdrv::winapi::test {
namespace {

int to_wide(UINT page, DWORD flags, std::string_view text, WCHAR* buffer, int size) {
    return call<int>("MultiByteToWideChar", page, flags, text.data(), static_cast<int>(text.size()),
                     buffer, size);
}

std::u16string wide(UINT page, std::string_view text) {
    WCHAR buffer[64] = {};
    const int length = to_wide(page, 0, text, buffer, 64);
    return {buffer, static_cast<std::size_t>(length)};
}

struct Narrowed {
    std::string text;
    BOOL used_default;
    bool operator==(const Narrowed&) const = default;
};

Narrowed narrow(UINT page, std::u16string_view text, DWORD flags = 0,
                const char* substitute = nullptr) {
    char buffer[64] = {};
    BOOL used = 7;
    const int length = call<int>("WideCharToMultiByte", page, flags, text.data(),
                                 static_cast<int>(text.size()), +buffer, 64, substitute, &used);
    return {{buffer, static_cast<std::size_t>(length)}, used};
}

int narrow_unicode(UINT page, DWORD flags, std::u16string_view text, char* buffer, int size) {
    return call<int>("WideCharToMultiByte", page, flags, text.data(), static_cast<int>(text.size()),
                     buffer, size, static_cast<const char*>(nullptr), static_cast<BOOL*>(nullptr));
}

std::string utf7(std::u16string_view text) {
    char buffer[64] = {};
    const int length = narrow_unicode(65000, 0, text, buffer, 64);
    return {buffer, static_cast<std::size_t>(length)};
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
    EXPECT_EQ(to_wide(932, 0, "\x83\x65\x83\x58\x83\x67", nullptr, 0), 3);
}

TEST(MultiByteToWideChar, RefusesWhatTheDocumentationRefuses) {
    WCHAR buffer[8] = {};
    const auto refuses = [&](int answer) {
        return answer == 0 ? last_error_code() : ERROR_SUCCESS;
    };
    EXPECT_EQ(refuses(to_wide(1252, 0, "", buffer, 8)), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(refuses(to_wide(720, 0, "a", buffer, 8)), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(refuses(to_wide(1252, 0, "a", nullptr, 8)), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(refuses(to_wide(1252, 0, "a", buffer, -1)), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(refuses(call<int>("MultiByteToWideChar", UINT{1252}, DWORD{0},
                                reinterpret_cast<const char*>(buffer), 1, +buffer, 8)),
              ERROR_INVALID_PARAMETER)
        << "in place";
    EXPECT_EQ(refuses(to_wide(1252, 3, "a", buffer, 8)), ERROR_INVALID_FLAGS);
    EXPECT_EQ(refuses(to_wide(1252, 0x10, "a", buffer, 8)), ERROR_INVALID_FLAGS);
    EXPECT_EQ(refuses(to_wide(65001, 1, "a", buffer, 8)), ERROR_INVALID_FLAGS);
    EXPECT_EQ(refuses(to_wide(65000, 8, "a", buffer, 8)), ERROR_INVALID_FLAGS);
    EXPECT_EQ(refuses(to_wide(65001, 8, "a\xC3", buffer, 8)), ERROR_NO_UNICODE_TRANSLATION);
    EXPECT_EQ(refuses(to_wide(932, 8, "a\x81", buffer, 8)), ERROR_NO_UNICODE_TRANSLATION);
    EXPECT_EQ(refuses(to_wide(932, 8, "\x81\x39", buffer, 8)), ERROR_NO_UNICODE_TRANSLATION);
    EXPECT_EQ(refuses(to_wide(1253, 8, "\xAA", buffer, 8)), ERROR_NO_UNICODE_TRANSLATION);
    EXPECT_EQ(to_wide(1252, 8, "\x81", buffer, 8), 1) << "a control character";
    EXPECT_EQ(to_wide(65001, 8, "\xEF\xBF\xBD", buffer, 8), 1) << "U+FFFD itself is valid";
}

TEST(MultiByteToWideChar, PutsTheDefaultWhereThereIsNoCharacter) {
    EXPECT_EQ(wide(65001, "a\xC3"), u"a\uFFFD");
    EXPECT_EQ(wide(20127, "a\xE9"), u"a?");
    EXPECT_EQ(wide(932, "a\x81"), u"a\u30FB") << "a lead byte at the end";
    EXPECT_EQ(wide(932, std::string_view("\x81\0b", 3)), std::u16string_view(u"\u30FB\0b", 3));
    EXPECT_EQ(wide(932, "\x81\x39z"), u"\u30FBz");
    EXPECT_EQ(wide(949, "\x81\x39z"), u"?z");
    EXPECT_EQ(wide(1253, "\xAA"), u"\uF8F9") << "which comes back as the byte";
    EXPECT_EQ(narrow(1253, u"\uF8F9"), (Narrowed{"\xAA", FALSE}));
}

TEST(MultiByteToWideChar, KnowsTheBytesThatPagesDifferIn) {
    EXPECT_EQ(wide(932, "\x5C\x7E\x80\xA0\xB1\xFD"), u"\\~\u0080\uF8F0\uFF71\uF8F1");
    EXPECT_EQ(wide(932, "\x95\x5C\x81\x60"), u"\u8868\uFF5E");
    EXPECT_EQ(wide(936, "\x80\xC4\xE3"), u"\u20AC\u4F60");
    EXPECT_EQ(wide(949, "\x5C\xC7\xD1"), u"\\\uD55C");
    EXPECT_EQ(wide(950, "\xA4\xA4\xA4\xE5"), u"\u4E2D\u6587");
    EXPECT_EQ(wide(858, "\xD5"), u"\u20AC");
    EXPECT_EQ(wide(850, "\xD5"), u"\u0131");
    EXPECT_EQ(wide(437, "\x01\xE1"), u"\u0001\u00DF");
    EXPECT_EQ(wide(874, "\xA1"), u"\u0E01");
}

TEST(WideCharToMultiByte, TellsWhatItReplaced) {
    EXPECT_EQ(narrow(0, u"na\u00EFve"), (Narrowed{"na\xEFve", FALSE}));
    EXPECT_EQ(narrow(0, u"\u65E5x", 0, "_"), (Narrowed{"_x", TRUE}));
    EXPECT_EQ(narrow(0, u"\xD83D\xDE00"), (Narrowed{"??", TRUE})) << "one for each unit";
    EXPECT_EQ(narrow(932, u"\u00E9", 0, "\x81\x48"), (Narrowed{"\x81\x48", TRUE}))
        << "a default of two bytes";
    EXPECT_EQ(narrow(932, u"\u00E9", 0, "\x81"), (Narrowed{"\x81", TRUE}));
    EXPECT_EQ(narrow(932, u"\u2170\u00AC\u2252"), (Narrowed{"\xFA\x40?\x81\xE0", TRUE}));
}

TEST(WideCharToMultiByte, RefusesWhatTheDocumentationRefuses) {
    char buffer[16] = {};
    BOOL used = FALSE;
    EXPECT_EQ(call<int>("WideCharToMultiByte", UINT{65001}, DWORD{0}, u"a", 1, +buffer, 16,
                        static_cast<const char*>(nullptr), &used),
              0)
        << "UTF-8 takes no answer about replacements";
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(call<int>("WideCharToMultiByte", UINT{65000}, DWORD{0}, u"a", 1, +buffer, 16, "?",
                        static_cast<BOOL*>(nullptr)),
              0);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(narrow_unicode(65001, 0x80, u"\xD800", buffer, 16), 0);
    EXPECT_EQ(last_error_code(), ERROR_NO_UNICODE_TRANSLATION);
    EXPECT_EQ(narrow_unicode(65000, 0x80, u"a", buffer, 16), 0);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_FLAGS);
    EXPECT_EQ(narrow_unicode(1252, 0x80, u"a", buffer, 16), 0);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_FLAGS);
    EXPECT_EQ(narrow_unicode(932, 0, u"\u65E5\u672C", buffer, 3), 0);
    EXPECT_EQ(last_error_code(), ERROR_INSUFFICIENT_BUFFER);
    EXPECT_EQ(narrow_unicode(65001, 0, u"\u20AC", buffer, 16), 3);
    EXPECT_EQ(narrow_unicode(65001, 0, u"\xD800", buffer, 16), 3) << "U+FFFD";
}

TEST(WideCharToMultiByte, FindsWhatIsLikeIt) {
    EXPECT_EQ(narrow(1252, u"\u0101\uFF21\u2212\u0142"), (Narrowed{"aA-l", FALSE}));
    EXPECT_EQ(narrow(437, u"\u201Cx\u201D\u2013\u00C0\u03B2"), (Narrowed{"\"x\"-A\xE1", FALSE}));
    EXPECT_EQ(narrow(1250, u"\u01D6"), (Narrowed{"\xFC", FALSE})) << "without one of two marks";
    EXPECT_EQ(narrow(1253, u"\u1F00"), (Narrowed{"\xE1", FALSE}));
    EXPECT_EQ(narrow(1252, u"\u0101", 0x400), (Narrowed{"?", TRUE})) << "not wanted";
    EXPECT_EQ(narrow(1252, u"\u2260"), (Narrowed{"?", TRUE})) << "no equals sign";
    EXPECT_EQ(narrow(1252, u"\u00BD\u2153"), (Narrowed{"\xBD?", TRUE}));
    EXPECT_EQ(narrow(852, u"\u0101"), (Narrowed{"?", TRUE})) << "pages without best fit";
    EXPECT_EQ(narrow(932, u"\u00A5"), (Narrowed{"?", TRUE})) << "no path separator";
}

TEST(WideCharToMultiByte, MakesNoPathOfWhatIsLikeOne) {
    for (const CodePageTable& table : code_page_tables()) {
        for (unsigned unit = 0x80; unit <= 0xFFFF; ++unit) {
            const auto text = static_cast<char16_t>(unit);
            const Encoded encoded = encode(table.code_page, {&text, 1}, {.text = "_"});
            const bool is_special =
                encoded.bytes.size() == 1 &&
                std::string_view("\\/:*?<>|").find(encoded.bytes[0]) != std::string_view::npos;
            EXPECT_FALSE(is_special) << table.code_page << ' ' << unit << encoded.bytes;
        }
    }
}

TEST(Utf7, GoesThereAndBack) {
    EXPECT_EQ(utf7(u"Hi Mom -\u263A-!"), "Hi Mom -+Jjo--+ACE-");
    EXPECT_EQ(utf7(u"1 + 1"), "1 +- 1");
    EXPECT_EQ(utf7(u"\xD83D\xDE00"), "+2D3eAA-");
    for (unsigned unit = 1; unit <= 0xFFFF; unit += 7) {
        const std::u16string text{u'x', static_cast<char16_t>(unit), u'-',
                                  static_cast<char16_t>(unit), u'+'};
        EXPECT_EQ(decode(65000, encode(65000, text).bytes).text, text) << unit;
    }
}

TEST(Utf7, ReadsWhatOthersWrite) {
    EXPECT_EQ(wide(65000, "A+ImIDkQ."), u"A\u2262\u0391.") << "ended by what is no digit";
    EXPECT_EQ(wide(65000, "Item 3 is +AKM-1."), u"Item 3 is \u00A31.");
    EXPECT_EQ(wide(65000, "+-"), u"+");
    EXPECT_EQ(wide(65000, "+!-"), u"!-") << "a shift without units";
    EXPECT_EQ(wide(65000, "a+"), u"a") << "cut off";
    EXPECT_EQ(wide(65000, "+AOkA-z"), u"\u00E9z") << "bits left over";
    EXPECT_EQ(wide(65000, "+2D0-"), u"\xD83D") << "half a pair";
    EXPECT_EQ(wide(65000, "\xE9"), u"\uFFFD");
}

struct Info {
    UINT largest;
    BYTE substitute[2];
    BYTE leads[12];
    WCHAR unicode_substitute;
    UINT page;
    char name[260];
};

TEST(CodePageInfo, TellsOfLeadBytes) {
    Info info{};
    EXPECT_EQ(call<BOOL>("GetCPInfoExA", UINT{932}, DWORD{0}, &info), TRUE);
    EXPECT_EQ(info.largest, 2U);
    EXPECT_EQ(std::string_view(reinterpret_cast<char*>(info.leads)), "\x81\x9F\xE0\xFC");
    EXPECT_EQ(info.unicode_substitute, u'\u30FB');
    EXPECT_EQ(info.page, 932U);
    EXPECT_STREQ(info.name, "932 (ANSI/OEM - Japanese, Shift-JIS)");
    EXPECT_EQ(call<BOOL>("GetCPInfo", UINT{65000}, &info), TRUE);
    EXPECT_EQ(info.largest, 5U);
    EXPECT_EQ(info.leads[0], 0);
    EXPECT_EQ(call<BOOL>("GetCPInfo", UINT{720}, &info), FALSE);
    EXPECT_EQ(call<BOOL>("IsDBCSLeadByteEx", UINT{932}, BYTE{0x85}), TRUE) << "an empty row";
    EXPECT_EQ(call<BOOL>("IsDBCSLeadByteEx", UINT{932}, BYTE{0xA1}), FALSE);
    EXPECT_EQ(call<BOOL>("IsDBCSLeadByteEx", UINT{950}, BYTE{0xFE}), TRUE);
    EXPECT_EQ(call<BOOL>("IsValidCodePage", UINT{866}), TRUE);
    EXPECT_EQ(call<BOOL>("IsValidCodePage", UINT{3}), FALSE);
}

TEST(DriversText, IsThatOfTheDriverWhoseThreadAsks) {
    EXPECT_EQ(call<UINT>("GetACP"), 1252U);
    EXPECT_EQ(call<UINT>("GetOEMCP"), 437U);
    {
        const DriverTextScope first(japanese);
        EXPECT_EQ(call<UINT>("GetACP"), 932U);
        EXPECT_EQ(call<DWORD>("GetUserDefaultLCID"), 0x411U);
        EXPECT_EQ(call<BOOL>("IsDBCSLeadByte", BYTE{0x81}), TRUE);
        EXPECT_EQ(wide(0, "\x83\x65"), u"\u30C6");
        {
            const DriverTextScope second(text_settings(1251, {}, {}));
            EXPECT_EQ(call<UINT>("GetACP"), 1251U);
            EXPECT_EQ(call<UINT>("GetConsoleOutputCP"), 866U);
            EXPECT_EQ(wide(0, "\x83\x65"), u"\u0453e");
            EXPECT_EQ(wide(1, "\x80"), u"\u0410") << "CP_OEMCP";
        }
        EXPECT_EQ(wide(0, "\x83\x65"), u"\u30C6");
    }
    EXPECT_EQ(call<BOOL>("IsDBCSLeadByte", BYTE{0x81}), FALSE);
}

TEST(DriversText, FollowsTheThreadsLocaleWhereAskedFor) {
    const DriverTextScope driver(japanese);
    EXPECT_EQ(call<DWORD>("GetThreadLocale"), 0x411U);
    EXPECT_EQ(call<BOOL>("SetThreadLocale", DWORD{0x419}), TRUE);
    EXPECT_EQ(call<DWORD>("GetThreadLocale"), 0x419U);
    EXPECT_EQ(wide(3, "\xC0"), u"\u0410") << "CP_THREAD_ACP";
    EXPECT_EQ(wide(0, "\xC0"), u"\uFF80");
    EXPECT_EQ(call<BOOL>("SetThreadLocale", DWORD{0x4FFF}), FALSE);
    EXPECT_EQ(call<BOOL>("SetThreadLocale", DWORD{0x400}), TRUE);
    EXPECT_EQ(call<DWORD>("GetThreadLocale"), 0x411U);
}

std::string locale_info(DWORD locale, DWORD type) {
    char buffer[64] = {};
    const int size = call<int>("GetLocaleInfoA", locale, type, +buffer, 64);
    return size == 0 ? std::string("error") : std::string(buffer);
}

TEST(Locale, TellsOfLocalesByNumberAndName) {
    EXPECT_EQ(locale_info(0x400, 0x5C), "en-US");
    EXPECT_EQ(locale_info(0x407, 0x0E), ",");
    EXPECT_EQ(locale_info(0x407, 0x0C), ";");
    EXPECT_EQ(locale_info(0x40C, 0x0F), "\xA0");
    EXPECT_EQ(locale_info(0x411, 0x1004), "932");
    EXPECT_EQ(locale_info(0x281A, 0x59), "sr");
    EXPECT_EQ(locale_info(0x4FFF, 0x0E), "error");
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(locale_info(0x407, 0xFFFF), "error");
    EXPECT_EQ(last_error_code(), ERROR_INVALID_FLAGS);
    DWORD number = 0;
    EXPECT_EQ(call<int>("GetLocaleInfoW", DWORD{0x419}, DWORD{0x20001004},
                        reinterpret_cast<WCHAR*>(&number), 2),
              2);
    EXPECT_EQ(number, 1251U);
    WCHAR name[16] = {};
    EXPECT_EQ(call<int>("GetLocaleInfoEx", u"pl-pl", DWORD{0x03}, +name, 16), 4);
    EXPECT_EQ(std::u16string(name), u"PLK");
    const DriverTextScope driver(japanese);
    EXPECT_EQ(call<int>("GetUserDefaultLocaleName", +name, 16), 6);
    EXPECT_EQ(std::u16string(name), u"ja-JP");
}

WORD type_of(char16_t c, DWORD kind) {
    WORD type = 0xFFFF;
    EXPECT_EQ(call<BOOL>("GetStringTypeW", kind, &c, 1, &type), TRUE);
    return type;
}

TEST(StringTypes, AreUnicodesCategories) {
    EXPECT_EQ(type_of(u'A', 1), 0x381) << "an upper letter and a hexadecimal digit";
    EXPECT_EQ(type_of(u'\u00DF', 1), 0x302);
    EXPECT_EQ(type_of(u'5', 1), 0x284);
    EXPECT_EQ(type_of(u'\t', 1), 0x268);
    EXPECT_EQ(type_of(u'\u0660', 1), 0x204) << "an Arabic digit";
    EXPECT_EQ(type_of(u'\u4E00', 1), 0x300);
    EXPECT_EQ(type_of(u'\u05D0', 2), 2) << "right to left";
    EXPECT_EQ(type_of(u'\u3042', 4), 0x80A0) << "a full-width hiragana letter";
    EXPECT_EQ(type_of(u'\u0301', 4), 0x0001);
    const DriverTextScope driver(japanese);
    WORD types[2] = {};
    EXPECT_EQ(call<BOOL>("GetStringTypeExA", DWORD{0}, DWORD{1}, "\x82\xA0z", 3, +types), TRUE);
    EXPECT_EQ(types[0], 0x300);
    EXPECT_EQ(types[1], 0x302);
}

TEST(DriversText, CountsInComparisonsAndCase) {
    const DriverTextScope driver(japanese);
    EXPECT_EQ(call<int>("lstrcmpiA", "\x82\x60", "\x82\x81"), 0) << "full-width A and a";
    char buffer[8] = {};
    EXPECT_EQ(call<int>("LCMapStringA", DWORD{0x411}, DWORD{0x200}, "\x82\x81z", 3, +buffer, 8), 3);
    EXPECT_STREQ(buffer, "\x82\x60Z");
}

}  // namespace
}  // namespace instdrv::winapi::test
