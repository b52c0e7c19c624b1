// Each way in which Windows' pages are not iconv's, and where that is known from:
//  - 125x, 874: bytes without a character below 0xA0 are control characters, and others private
//    ones, which come back as the bytes they were. MB_ERR_INVALID_CHARS refuses the private ones.
//    https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WindowsBestFit/
//  - 857 and the pages 28593 and 28596 to 28598 have private characters in the same way.
//  - 932, 949, 950: 0x80 is a control character; iconv's 932 leaves it open.
//  - 932: iconv writes U+00A5 as 0x5C, U+203E as 0x7E, and a few signs of JIS as those of Microsoft
//    that look alike. They do not come back as what they were, so no table has them.
//  - 936: 0x80 is the euro sign, in iconv as well. Users' characters are U+E000 to U+E864.
//  - 949 has two rows of users' characters, which iconv has not.
//  - 950: users' characters begin at 0xFA40; iconv has the last of four areas only. Four lines of
//    boxes are there twice, and Windows writes the later ones.
//  - 1255: 0xCA is U+05BA, which iconv leaves open.
//  - 28597 is ISO 8859-7 of 1987, without the euro, the drachma and the ypogegrammeni of 2003.
//  - 28598: 0xAF is an overline, and there are no marks of direction.
#include "winapi/text/make_tables/page_reader.hpp"

namespace instdrv::text_tables {
namespace {

constexpr std::uint16_t nothing = 0xFFFD;

PageSource single(unsigned number, const char* name) { return {.number = number, .name = name}; }

PageSource ansi(unsigned number, const char* name, std::uint16_t placeholders = 0) {
    return {.number = number,
            .name = name,
            .has_controls = true,
            .placeholders = placeholders,
            .has_best_fit = true};
}

PageSource oem_best_fit(unsigned number, const char* name) {
    return {.number = number, .name = name, .has_best_fit = true};
}

PageSource with_placeholders(unsigned number, const char* name, std::uint16_t first) {
    return {.number = number, .name = name, .placeholders = first};
}

PageSource thai() {
    return {.number = 874, .name = "CP874", .has_controls = true, .placeholders = 0xF8C1};
}

PageSource japanese() {
    return {.number = 932,
            .name = "CP932",
            .lead_bytes = {0x81, 0x9F, 0xE0, 0xFC},
            .placeholders = 0xF8F0,
            .instead = {{0x80, 0x80}},
            .unicode_default = 0x30FB};
}

PageSource simplified_chinese() {
    return {.number = 936,
            .name = "CP936",
            .lead_bytes = {0x81, 0xFE},
            .placeholders = 0xF8F5,
            .areas = {{0xAA, 0xAF, {{0xA1, 0xFE}}, 0xE000},
                      {0xF8, 0xFE, {{0xA1, 0xFE}}, 0xE234},
                      {0xA1, 0xA7, {{0x40, 0xA0}}, 0xE4C6},
                      {0xA2, 0xA7, {{0xA1, 0xFE}}, 0xE766},
                      {0xA8, 0xA9, {{0x40, 0xFE}}, 0xE7BC},
                      {0xD7, 0xD7, {{0xFA, 0xFE}}, 0xE810},
                      {0xFE, 0xFE, {{0x50, 0xA0}}, 0xE815}}};
}

PageSource korean() {
    return {.number = 949,
            .name = "CP949",
            .lead_bytes = {0x81, 0xFE},
            .placeholders = 0xF8F7,
            .instead = {{0x80, 0x80}},
            .areas = {{0xC9, 0xC9, {{0xA1, 0xFE}}, 0xE000}, {0xFE, 0xFE, {{0xA1, 0xFE}}, 0xE05E}}};
}

PageSource traditional_chinese() {
    return {.number = 950,
            .name = "CP950",
            .lead_bytes = {0x81, 0xFE},
            .placeholders = 0xF8F8,
            .instead = {{0x80, 0x80}},
            .preferred = {{0xF9F9, 0x2550}, {0xF9E9, 0x255E}, {0xF9EB, 0x2561}, {0xF9EA, 0x256A}},
            .areas = {{0xFA, 0xFE, {{0x40, 0x7E}, {0xA1, 0xFE}}, 0xE000},
                      {0x8E, 0xA0, {{0x40, 0x7E}, {0xA1, 0xFE}}, 0xE311},
                      {0x81, 0x8D, {{0x40, 0x7E}, {0xA1, 0xFE}}, 0xEEB8}}};
}

PageSource hebrew() {
    PageSource page = ansi(1255, "CP1255", 0xF88D);
    page.instead = {{0xCA, 0x05BA}};
    return page;
}

PageSource iso_greek() {
    PageSource page = with_placeholders(28597, "ISO-8859-7", 0xF7C2);
    page.instead = {
        {0xA1, 0x02BD}, {0xA2, 0x02BC}, {0xA4, nothing}, {0xA5, nothing}, {0xAA, nothing}};
    return page;
}

PageSource iso_hebrew() {
    PageSource page = with_placeholders(28598, "ISO-8859-8", 0xF79C);
    page.instead = {{0xAF, 0x203E}, {0xFD, nothing}, {0xFE, nothing}};
    return page;
}

}  // namespace

std::span<const PageSource> page_sources() {
    static const std::vector<PageSource> pages = {
        oem_best_fit(437, "CP437"),
        single(737, "CP737"),
        single(775, "CP775"),
        oem_best_fit(850, "CP850"),
        single(852, "CP852"),
        single(855, "CP855"),
        with_placeholders(857, "CP857", 0xF8BB),
        single(858, "CP858"),
        single(860, "CP860"),
        single(861, "CP861"),
        single(862, "CP862"),
        single(863, "CP863"),
        single(865, "CP865"),
        single(866, "CP866"),
        thai(),
        japanese(),
        simplified_chinese(),
        korean(),
        traditional_chinese(),
        ansi(1250, "CP1250"),
        ansi(1251, "CP1251"),
        ansi(1252, "CP1252"),
        ansi(1253, "CP1253", 0xF8F9),
        ansi(1254, "CP1254"),
        hebrew(),
        ansi(1256, "CP1256"),
        ansi(1257, "CP1257", 0xF8FC),
        ansi(1258, "CP1258"),
        single(20127, "ASCII"),
        single(28591, "ISO-8859-1"),
        single(28592, "ISO-8859-2"),
        with_placeholders(28593, "ISO-8859-3", 0xF7F5),
        single(28594, "ISO-8859-4"),
        single(28595, "ISO-8859-5"),
        with_placeholders(28596, "ISO-8859-6", 0xF7C8),
        iso_greek(),
        iso_hebrew(),
        single(28599, "ISO-8859-9"),
    };
    return pages;
}

}  // namespace instdrv::text_tables
