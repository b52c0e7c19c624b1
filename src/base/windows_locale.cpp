#include "base/windows_locale.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace instdrv {
namespace {

constexpr char16_t no_break_space = 0xA0;

// One locale per line, sorted by name.
// clang-format off
constexpr WindowsLocale locales[] = {
    {"ar-EG", 0x0C01, 1256, 437, u'.', u',', u';', "ARE", "Arabic", "Egypt"},
    {"ar-SA", 0x0401, 1256, 437, u'.', u',', u';', "ARA", "Arabic", "Saudi Arabia"},
    {"az-Latn-AZ", 0x042C, 1254, 857, u',', u'.', u';', "AZE", "Azerbaijani", "Azerbaijan"},
    {"be-BY", 0x0423, 1251, 866, u',', no_break_space, u';', "BEL", "Belarusian", "Belarus"},
    {"bg-BG", 0x0402, 1251, 866, u',', no_break_space, u';', "BGR", "Bulgarian", "Bulgaria"},
    {"ca-ES", 0x0403, 1252, 850, u',', u'.', u';', "CAT", "Catalan", "Spain"},
    {"cs-CZ", 0x0405, 1250, 852, u',', no_break_space, u';', "CSY", "Czech", "Czech Republic"},
    {"da-DK", 0x0406, 1252, 850, u',', u'.', u';', "DAN", "Danish", "Denmark"},
    {"de-AT", 0x0C07, 1252, 850, u',', u'.', u';', "DEA", "German", "Austria"},
    {"de-CH", 0x0807, 1252, 850, u'.', u'\'', u';', "DES", "German", "Switzerland"},
    {"de-DE", 0x0407, 1252, 850, u',', u'.', u';', "DEU", "German", "Germany"},
    {"el-GR", 0x0408, 1253, 737, u',', u'.', u';', "ELL", "Greek", "Greece"},
    {"en-AU", 0x0C09, 1252, 850, u'.', u',', u',', "ENA", "English", "Australia"},
    {"en-CA", 0x1009, 1252, 850, u'.', u',', u',', "ENC", "English", "Canada"},
    {"en-GB", 0x0809, 1252, 850, u'.', u',', u',', "ENG", "English", "United Kingdom"},
    {"en-IE", 0x1809, 1252, 850, u'.', u',', u',', "ENI", "English", "Ireland"},
    {"en-NZ", 0x1409, 1252, 850, u'.', u',', u',', "ENZ", "English", "New Zealand"},
    {"en-US", 0x0409, 1252, 437, u'.', u',', u',', "ENU", "English", "United States"},
    {"es-ES", 0x0C0A, 1252, 850, u',', u'.', u';', "ESN", "Spanish", "Spain"},
    {"es-MX", 0x080A, 1252, 850, u'.', u',', u',', "ESM", "Spanish", "Mexico"},
    {"et-EE", 0x0425, 1257, 775, u',', no_break_space, u';', "ETI", "Estonian", "Estonia"},
    {"eu-ES", 0x042D, 1252, 850, u',', u'.', u';', "EUQ", "Basque", "Spain"},
    {"fi-FI", 0x040B, 1252, 850, u',', no_break_space, u';', "FIN", "Finnish", "Finland"},
    {"fr-BE", 0x080C, 1252, 850, u',', u'.', u';', "FRB", "French", "Belgium"},
    {"fr-CA", 0x0C0C, 1252, 850, u',', no_break_space, u';', "FRC", "French", "Canada"},
    {"fr-CH", 0x100C, 1252, 850, u'.', u'\'', u';', "FRS", "French", "Switzerland"},
    {"fr-FR", 0x040C, 1252, 850, u',', no_break_space, u';', "FRA", "French", "France"},
    {"gl-ES", 0x0456, 1252, 850, u',', u'.', u';', "GLC", "Galician", "Spain"},
    {"he-IL", 0x040D, 1255, 862, u'.', u',', u',', "HEB", "Hebrew", "Israel"},
    {"hr-HR", 0x041A, 1250, 852, u',', u'.', u';', "HRV", "Croatian", "Croatia"},
    {"hu-HU", 0x040E, 1250, 852, u',', no_break_space, u';', "HUN", "Hungarian", "Hungary"},
    {"id-ID", 0x0421, 1252, 850, u',', u'.', u';', "IND", "Indonesian", "Indonesia"},
    {"is-IS", 0x040F, 1252, 850, u',', u'.', u';', "ISL", "Icelandic", "Iceland"},
    {"it-IT", 0x0410, 1252, 850, u',', u'.', u';', "ITA", "Italian", "Italy"},
    {"ja-JP", 0x0411, 932, 932, u'.', u',', u',', "JPN", "Japanese", "Japan"},
    {"ko-KR", 0x0412, 949, 949, u'.', u',', u',', "KOR", "Korean", "Korea"},
    {"lt-LT", 0x0427, 1257, 775, u',', u'.', u';', "LTH", "Lithuanian", "Lithuania"},
    {"lv-LV", 0x0426, 1257, 775, u',', no_break_space, u';', "LVI", "Latvian", "Latvia"},
    {"mk-MK", 0x042F, 1251, 866, u',', u'.', u';', "MKI", "Macedonian", "North Macedonia"},
    {"nb-NO", 0x0414, 1252, 850, u',', no_break_space, u';', "NOR", "Norwegian", "Norway"},
    {"nl-BE", 0x0813, 1252, 850, u',', u'.', u';', "NLB", "Dutch", "Belgium"},
    {"nl-NL", 0x0413, 1252, 850, u',', u'.', u';', "NLD", "Dutch", "Netherlands"},
    {"nn-NO", 0x0814, 1252, 850, u',', no_break_space, u';', "NON", "Norwegian", "Norway"},
    {"pl-PL", 0x0415, 1250, 852, u',', no_break_space, u';', "PLK", "Polish", "Poland"},
    {"pt-BR", 0x0416, 1252, 850, u',', u'.', u';', "PTB", "Portuguese", "Brazil"},
    {"pt-PT", 0x0816, 1252, 850, u',', u'.', u';', "PTG", "Portuguese", "Portugal"},
    {"ro-RO", 0x0418, 1250, 852, u',', u'.', u';', "ROM", "Romanian", "Romania"},
    {"ru-RU", 0x0419, 1251, 866, u',', no_break_space, u';', "RUS", "Russian", "Russia"},
    {"sk-SK", 0x041B, 1250, 852, u',', no_break_space, u';', "SKY", "Slovak", "Slovakia"},
    {"sl-SI", 0x0424, 1250, 852, u',', u'.', u';', "SLV", "Slovenian", "Slovenia"},
    {"sq-AL", 0x041C, 1250, 852, u',', u'.', u';', "SQI", "Albanian", "Albania"},
    {"sr-Cyrl-RS", 0x281A, 1251, 855, u',', u'.', u';', "SRO", "Serbian", "Serbia"},
    {"sr-Latn-RS", 0x241A, 1250, 852, u',', u'.', u';', "SRM", "Serbian", "Serbia"},
    {"sv-SE", 0x041D, 1252, 850, u',', no_break_space, u';', "SVE", "Swedish", "Sweden"},
    {"th-TH", 0x041E, 874, 874, u'.', u',', u',', "THA", "Thai", "Thailand"},
    {"tr-TR", 0x041F, 1254, 857, u',', u'.', u';', "TRK", "Turkish", "Turkey"},
    {"uk-UA", 0x0422, 1251, 866, u',', no_break_space, u';', "UKR", "Ukrainian", "Ukraine"},
    {"vi-VN", 0x042A, 1258, 1258, u',', u'.', u',', "VIT", "Vietnamese", "Vietnam"},
    {"zh-CN", 0x0804, 936, 936, u'.', u',', u',', "CHS", "Chinese", "China"},
    {"zh-HK", 0x0C04, 950, 950, u'.', u',', u',', "ZHH", "Chinese", "Hong Kong SAR"},
    {"zh-SG", 0x1004, 936, 936, u'.', u',', u',', "ZHI", "Chinese", "Singapore"},
    {"zh-TW", 0x0404, 950, 950, u'.', u',', u',', "CHT", "Chinese", "Taiwan"},
};
// clang-format on

// UTF-7 is none: it is for what is exchanged, and says the same text in many ways.
constexpr std::uint16_t code_pages[] = {
    437,  737,  775,   850,   852,   855,   857,   858,   860,   861,   862,   863,   865,
    866,  874,  932,   936,   949,   950,   1250,  1251,  1252,  1253,  1254,  1255,  1256,
    1257, 1258, 20127, 28591, 28592, 28593, 28594, 28595, 28596, 28597, 28598, 28599, 65001,
};

}  // namespace

std::span<const WindowsLocale> windows_locales() noexcept { return locales; }

const WindowsLocale* find_locale(std::uint32_t id) noexcept {
    const auto* const found = std::ranges::find(locales, id, &WindowsLocale::id);
    return found == std::end(locales) ? nullptr : found;
}

const WindowsLocale* find_locale(std::string_view name) noexcept {
    const auto* const found = std::ranges::find_if(
        locales, [&](const auto& locale) { return equals_ignoring_case(locale.name, name); });
    return found == std::end(locales) ? nullptr : found;
}

std::span<const std::uint16_t> windows_code_pages() noexcept { return code_pages; }

std::uint16_t oem_code_page_beside(std::uint16_t code_page) noexcept {
    if (code_page == 1252) return 437;  // of the United States, where others have 850
    const auto* const found = std::ranges::find(locales, code_page, &WindowsLocale::code_page);
    return found == std::end(locales) ? std::uint16_t{437} : found->oem_code_page;
}

TextSettings text_settings(std::optional<std::uint16_t> code_page,
                           std::optional<std::uint16_t> oem_code_page,
                           std::optional<std::uint16_t> locale) noexcept {
    const WindowsLocale* const named = locale ? find_locale(*locale) : nullptr;
    TextSettings settings;
    if (named != nullptr) settings = {named->code_page, named->oem_code_page, named->id};
    if (code_page && *code_page != settings.code_page) {
        settings.code_page = *code_page;
        settings.oem_code_page = oem_code_page_beside(*code_page);
    }
    if (oem_code_page) settings.oem_code_page = *oem_code_page;
    return settings;
}

bool is_known(const TextSettings& settings) noexcept {
    const auto has = [](std::uint16_t page) {
        return std::ranges::binary_search(code_pages, page);
    };
    return has(settings.code_page) && has(settings.oem_code_page) &&
           find_locale(settings.locale) != nullptr;
}

}  // namespace instdrv
