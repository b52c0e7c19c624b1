// Locales, of which there is one: "C". https://learn.microsoft.com/cpp/c-runtime-library/locale
#include <cerrno>
#include <climits>
#include <cstring>
#include <string>

#include "winapi/abi.hpp"
#include "winapi/crt/topics.hpp"

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
char nothing[] = "";
WCHAR wide_point[] = u".";
WCHAR wide_nothing[] = u"";

Conventions* WINFN_C conventions() {
    static Conventions c_locale = [] {
        Conventions result{decimal_point, nothing, nothing, nothing, nothing, nothing,
                           nothing,       nothing, nothing, nothing, {},      {}};
        std::memset(result.unspecified, CHAR_MAX, sizeof result.unspecified);
        for (LPWSTR& text : result.wide)
            text = wide_nothing;
        result.wide[0] = wide_point;
        return result;
    }();
    return &c_locale;
}

template <class Char>
const Char* WINFN_C set_locale(int, const Char* name) {
    static constexpr Char c_locale[] = {'C', 0};
    // Null asks, "" is the user's locale, which is the same here.
    if (name == nullptr || name[0] == 0 || (name[0] == 'C' && name[1] == 0)) return c_locale;
    return nullptr;
}

void* WINFN_C no_locale() { return nullptr; }
void* WINFN_C create_locale(int, const void*) { return nullptr; }
void WINFN_C free_locale(void*) {}

int WINFN_C configure_thread_locale(int) {
    constexpr int disabled = 2;
    return disabled;
}

UINT WINFN_C code_page() { return 0; }
int WINFN_C longest_character() { return 1; }
const DWORD* WINFN_C locale_handles() {
    static constexpr DWORD handles[6] = {};
    return handles;
}
LPWSTR* WINFN_C locale_names() {
    static LPWSTR names[6] = {};
    return names;
}
int WINFN_C multibyte_code_page() { return 0; }
int WINFN_C set_multibyte_code_page(int) { return 0; }

int longest_character_value = 1;
int* WINFN_C longest_character_pointer() { return &longest_character_value; }

}  // namespace

std::span<const Export> locale_exports() {
    constexpr std::string_view c_only = "there is only the \"C\" locale";
    static const Export table[] = {
        {"___lc_codepage_func", address_of(code_page)},
        {"___lc_handle_func", address_of(locale_handles)},
        {"___lc_locale_name_func", address_of(locale_names)},
        {"___mb_cur_max_func", address_of(longest_character)},
        {"__mb_cur_max", &longest_character_value},
        {"__p___mb_cur_max", address_of(longest_character_pointer)},
        {"_configthreadlocale", address_of(configure_thread_locale), Coverage::partial, c_only},
        {"_create_locale", address_of(create_locale), Coverage::stub,
         "there is only the \"C\" locale: null"},
        {"_free_locale", address_of(free_locale)},
        {"_get_current_locale", address_of(no_locale), Coverage::stub,
         "there is only the \"C\" locale: null"},
        {"_getmbcp", address_of(multibyte_code_page)},
        {"_setmbcp", address_of(set_multibyte_code_page), Coverage::partial, c_only},
        {"_wsetlocale", address_of(set_locale<WCHAR>), Coverage::partial, c_only},
        {"localeconv", address_of(conventions)},
        {"setlocale", address_of(set_locale<char>), Coverage::partial, c_only},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
