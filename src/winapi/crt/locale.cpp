// Locales, of which there is one: "C". https://learn.microsoft.com/cpp/c-runtime-library/locale
#include <cerrno>
#include <climits>
#include <cstring>
#include <string>

#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi::crt {
namespace {

// Microsoft's struct lconv.
struct Conventions {
    char* decimal_point;
    char* thousands_sep;
    char* grouping;
    char* int_curr_symbol;
    char* currency_symbol;
    char* mon_decimal_point;
    char* mon_thousands_sep;
    char* mon_grouping;
    char* positive_sign;
    char* negative_sign;
    char unspecified[8];
    LPWSTR wide[8];
};

char decimal_point[] = ".";
char no_text[] = "";
WCHAR wide_point[] = u".";
WCHAR wide_nothing[] = u"";

Conventions* conventions() {
    static Conventions c_locale = [] {
        Conventions result{decimal_point, no_text, no_text, no_text, no_text, no_text,
                           no_text,       no_text, no_text, no_text, {},      {}};
        std::memset(result.unspecified, CHAR_MAX, sizeof result.unspecified);
        for (LPWSTR& text : result.wide)
            text = wide_nothing;
        result.wide[0] = wide_point;
        return result;
    }();
    return &c_locale;
}
CRT_EXPORT_AS("localeconv", in_crt, conventions);

template <class Char>
const Char* set_locale(int, const Char* name) {
    static constexpr Char c_locale[] = {'C', 0};
    // Null asks, "" is the user's locale, which is the same here.
    if (name == nullptr || name[0] == 0 || (name[0] == 'C' && name[1] == 0)) return c_locale;
    return nullptr;
}
CRT_EXPORT_AS("_wsetlocale", in_crt, set_locale<WCHAR>, Coverage::partial,
              "there is only the \"C\" locale");
CRT_EXPORT_AS("setlocale", in_crt, set_locale<char>, Coverage::partial,
              "there is only the \"C\" locale");

void* _get_current_locale() { return nullptr; }
CRT_EXPORT(_get_current_locale, in_crt, Coverage::stub, "there is only the \"C\" locale: null");
void* _create_locale(int, const void*) { return nullptr; }
CRT_EXPORT(_create_locale, in_crt, Coverage::stub, "there is only the \"C\" locale: null");
void _free_locale(void*) {}
CRT_EXPORT(_free_locale, in_crt);

int _configthreadlocale(int) {
    constexpr int disabled = 2;
    return disabled;
}
CRT_EXPORT(_configthreadlocale, in_crt, Coverage::partial, "there is only the \"C\" locale");

UINT code_page() { return 0; }
CRT_EXPORT_AS("___lc_codepage_func", in_crt, code_page);
int longest_character() { return 1; }
CRT_EXPORT_AS("___mb_cur_max_func", in_crt, longest_character);
const DWORD* locale_handles() {
    static constexpr DWORD handles[6] = {};
    return handles;
}
CRT_EXPORT_AS("___lc_handle_func", in_crt, locale_handles);
LPWSTR* locale_names() {
    static LPWSTR names[6] = {};
    return names;
}
CRT_EXPORT_AS("___lc_locale_name_func", in_crt, locale_names);
int longest_character_value = 1;
int* longest_character_pointer() { return &longest_character_value; }
CRT_EXPORT_AS("__p___mb_cur_max", in_crt, longest_character_pointer);

}  // namespace

EXPORT_ADDRESS("__mb_cur_max", in_crt, &longest_character_value);

}  // namespace instdrv::winapi::crt
