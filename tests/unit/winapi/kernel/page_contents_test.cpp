// What each code page has, against the C library's conversions and the list of what Windows has
// otherwise (docs/windows-text.md).
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <iconv.h>

#include "base/windows_locale.hpp"
#include "winapi/text/code_page.hpp"

namespace instdrv::winapi::test {
namespace {

class Iconv {
public:
    Iconv(const std::string& to, const std::string& from)
        : converter_(::iconv_open(to.c_str(), from.c_str())) {}
    ~Iconv() { ::iconv_close(converter_); }
    Iconv(const Iconv&) = delete;
    Iconv& operator=(const Iconv&) = delete;

    // Empty: it has no such text.
    std::string operator()(std::string text) const {
        ::iconv(converter_, nullptr, nullptr, nullptr, nullptr);
        std::array<char, 16> out{};
        char* in_at = text.data();
        char* out_at = out.data();
        std::size_t in_left = text.size();
        std::size_t out_left = out.size();
        if (::iconv(converter_, &in_at, &in_left, &out_at, &out_left) != 0) return {};
        ::iconv(converter_, nullptr, nullptr, &out_at, &out_left);
        return {out.data(), out.size() - out_left};
    }

private:
    iconv_t converter_;
};

std::string iconv_name(UINT page) {
    if (page == 20127) return "ASCII";
    if (page > 28590) return "ISO-8859-" + std::to_string(page - 28590);
    return "CP" + std::to_string(page);
}

// Bytes that are other units than iconv's, but for the private ones; U+FFFD: no character.
std::map<unsigned, char16_t> differences_of(UINT page) {
    switch (page) {
        case 932:
        case 949: return {{0x80, 0x80}};
        case 1255: return {{0xCA, u'\u05BA'}};
        case 28597: return {{0xA1, u'\u02BD'}, {0xA2, u'\u02BC'}, {0xA4, 0}, {0xA5, 0}, {0xAA, 0}};
        case 28598: return {{0xAF, u'\u203E'}, {0xFD, 0}, {0xFE, 0}};
        default: return {};
    }
}

// Bytes that become private characters, which no page of the standards has.
std::u16string placeholders_of(UINT page) {
    switch (page) {
        case 857: return u"\uF8BB\uF8BC\uF8BD";
        case 874: return u"\uF8C1\uF8C2\uF8C3\uF8C4\uF8C5\uF8C6\uF8C7\uF8C8";
        case 932: return u"\uF8F0\uF8F1\uF8F2\uF8F3";
        case 936: return u"\uF8F5";
        case 949: return u"\uF8F7";
        case 950: return u"\uF8F8";
        case 1253: return u"\uF8F9\uF8FA\uF8FB";
        case 1255: return u"\uF88D\uF88E\uF88F\uF890\uF891\uF892\uF893\uF894\uF895\uF896";
        case 1257: return u"\uF8FC\uF8FD";
        case 28593: return u"\uF7F5\uF7F6\uF7F7\uF7F8\uF7F9\uF7FA\uF7FB";
        case 28597: return u"\uF7C2\uF7C3\uF7C4\uF7C5\uF7C6\uF7C7";
        default: return {};
    }
}

bool has_controls(UINT page) { return page == 874 || (page >= 1250 && page <= 1258); }

bool is_private(char16_t unit) { return unit >= 0xE000 && unit <= 0xF8FF; }

class CodePage : public testing::TestWithParam<UINT> {
protected:
    [[nodiscard]] static UINT page() { return GetParam(); }

    // What iconv, or the list, has for bytes; 0: nothing.
    [[nodiscard]] char16_t expected(const std::string& bytes) const {
        if (bytes.size() == 1) {
            const auto byte = static_cast<unsigned char>(bytes[0]);
            const auto found = differences_.find(byte);
            if (found != differences_.end()) return found->second;
        }
        const std::string units = to_units_(bytes);
        if (units.size() != 2) return 0;
        return static_cast<char16_t>(static_cast<unsigned char>(units[0]) << 8 |
                                     static_cast<unsigned char>(units[1]));
    }

private:
    const Iconv to_units_{"UTF-16BE", iconv_name(page())};
    const std::map<unsigned, char16_t> differences_ = differences_of(page());
};

TEST_P(CodePage, HasIconvsSingleBytesAndTheListedOnes) {
    std::u16string placeholders;
    for (unsigned byte = 1; byte < 256; ++byte) {
        const std::string bytes(1, static_cast<char>(byte));
        if (is_lead_byte(page(), static_cast<unsigned char>(byte))) continue;
        const Decoded decoded = decode(page(), bytes);
        ASSERT_EQ(decoded.text.size(), 1U) << byte;
        const char16_t unit = expected(bytes);
        if (unit != 0) {
            EXPECT_EQ(decoded.text[0], unit) << byte;
            EXPECT_TRUE(decoded.all_valid) << byte;
        } else if (has_controls(page()) && byte < 0xA0) {
            EXPECT_EQ(decoded.text[0], byte);
            EXPECT_TRUE(decoded.all_valid) << byte;
        } else {
            EXPECT_FALSE(decoded.all_valid) << byte;
            if (is_private(decoded.text[0])) placeholders += decoded.text;
        }
        const Encoded back = encode(page(), decoded.text);
        if (decoded.all_valid || is_private(decoded.text[0])) {
            EXPECT_EQ(back.bytes, bytes) << byte;
        }
    }
    if (page() == 28596) {
        EXPECT_EQ(placeholders.size(), 45U);
    } else if (page() == 28598) {
        EXPECT_EQ(placeholders.size(), 38U);
    } else {
        EXPECT_EQ(placeholders, placeholders_of(page()));
    }
}

TEST_P(CodePage, HasIconvsPairsAndThoseOfUsers) {
    for (unsigned lead = 0x80; lead <= 0xFF; ++lead) {
        if (!is_lead_byte(page(), static_cast<unsigned char>(lead))) continue;
        for (unsigned trail = 1; trail <= 0xFF; ++trail) {
            const std::string bytes{static_cast<char>(lead), static_cast<char>(trail)};
            // iconv's 932 knows some letters of one byte, with a character behind them.
            const char16_t unit = expected(bytes);
            const Decoded decoded = decode(page(), bytes);
            ASSERT_EQ(decoded.text.size(), 1U) << lead << ' ' << trail;
            if (unit != 0) {
                EXPECT_EQ(decoded.text[0], unit) << lead << ' ' << trail;
                EXPECT_TRUE(decoded.all_valid);
            } else if (decoded.all_valid) {
                EXPECT_TRUE(is_private(decoded.text[0])) << lead << ' ' << trail;
                EXPECT_EQ(encode(page(), decoded.text).bytes, bytes);
            }
        }
    }
}

// Four lines of boxes, which Windows writes otherwise.
std::optional<std::string> listed_bytes(UINT page, char16_t unit) {
    if (page != 950) return {};
    switch (unit) {
        case u'\u2550': return "\xF9\xF9";
        case u'\u255E': return "\xF9\xE9";
        case u'\u2561': return "\xF9\xEB";
        case u'\u256A': return "\xF9\xEA";
        default: return {};
    }
}

TEST_P(CodePage, WritesWhatItReads) {
    const Iconv to_bytes(iconv_name(page()), "UTF-16BE");
    for (unsigned number = 0x80; number <= 0xFFFF; ++number) {
        if (number >= 0xD800 && number <= 0xDFFF) continue;
        const auto unit = static_cast<char16_t>(number);
        const Encoded encoded = encode(page(), {&unit, 1}, {.best_fit = false});
        const std::string iconvs =
            to_bytes({static_cast<char>(number >> 8), static_cast<char>(number)});
        if (encoded.all_valid) {
            EXPECT_EQ(decode(page(), encoded.bytes).text, std::u16string(1, unit)) << number;
            if (const auto listed = listed_bytes(page(), unit)) {
                EXPECT_EQ(encoded.bytes, *listed);
            } else if (!iconvs.empty()) {
                EXPECT_EQ(encoded.bytes, iconvs) << number;
            }
            continue;
        }
        EXPECT_EQ(encoded.bytes, "?");
        // iconv writes more, which comes back as something else.
        EXPECT_TRUE(iconvs.empty() || decode(page(), iconvs).text != std::u16string(1, unit))
            << number;
    }
}

std::vector<UINT> pages_of_tables() {
    std::vector<UINT> pages;
    for (const CodePageTable& table : code_page_tables())
        pages.push_back(table.code_page);
    return pages;
}

INSTANTIATE_TEST_SUITE_P(All, CodePage, testing::ValuesIn(pages_of_tables()),
                         [](const auto& tested) { return std::to_string(tested.param); });

TEST(CodePages, AreThoseThatADriverCanHave) {
    auto pages = pages_of_tables();
    pages.push_back(utf8_code_page);
    const auto known = windows_code_pages();
    EXPECT_EQ(pages, std::vector<UINT>(known.begin(), known.end()));
}

TEST(CodePages, HaveUsersCharactersWhereWindowsHasThem) {
    const auto unit = [](UINT page, const char* bytes) { return decode(page, bytes).text; };
    EXPECT_EQ(unit(932, "\xF0\x40"), u"\uE000");
    EXPECT_EQ(unit(932, "\xF9\xFC"), u"\uE757");
    EXPECT_EQ(unit(936, "\xAA\xA1"), u"\uE000");
    EXPECT_EQ(unit(936, "\xAF\xFE"), u"\uE233");
    EXPECT_EQ(unit(936, "\xF8\xA1"), u"\uE234");
    EXPECT_EQ(unit(936, "\xFE\xFE"), u"\uE4C5");
    EXPECT_EQ(unit(936, "\xA1\x40"), u"\uE4C6");
    EXPECT_EQ(unit(936, "\xA7\xA0"), u"\uE765");
    EXPECT_EQ(unit(936, "\xA2\xAB"), u"\uE766");
    EXPECT_EQ(unit(936, "\xA8\x96"), u"\uE7BC");
    EXPECT_EQ(unit(936, "\xA9\xFE"), u"\uE80F");
    EXPECT_EQ(unit(936, "\xD7\xFE"), u"\uE814");
    EXPECT_EQ(unit(936, "\xFE\xA0"), u"\uE864");
    EXPECT_EQ(unit(949, "\xC9\xA1"), u"\uE000");
    EXPECT_EQ(unit(949, "\xFE\xFE"), u"\uE0BB");
    EXPECT_EQ(unit(950, "\xFA\x40"), u"\uE000");
    EXPECT_EQ(unit(950, "\xFE\xFE"), u"\uE310");
    EXPECT_EQ(unit(950, "\x8E\x40"), u"\uE311");
    EXPECT_EQ(unit(950, "\xA0\xFE"), u"\uEEB7");
    EXPECT_EQ(unit(950, "\x81\x40"), u"\uEEB8");
    EXPECT_EQ(unit(950, "\x8D\xFE"), u"\uF6B0");
    EXPECT_EQ(unit(950, "\xC6\xA1"), u"\uF6B1");
    EXPECT_EQ(unit(950, "\xC8\xFE"), u"\uF848");
}

}  // namespace
}  // namespace instdrv::winapi::test
