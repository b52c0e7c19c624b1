// The functions that take a locale besides, as their last parameter: since there is only the "C"
// locale, each is the function without it. An argument too many does no harm in the C convention.
// https://learn.microsoft.com/cpp/c-runtime-library/locale
#include <deque>
#include <string>
#include <vector>

#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

constexpr std::string_view with_locale[] = {
    "_atoi64",   "_isctype",   "_ismbblead", "_memicmp",  "_stricmp",   "_stricoll",  "_strlwr",
    "_strlwr_s", "_strnicmp",  "_strnicoll", "_strtoi64", "_strtoui64", "_strupr",    "_strupr_s",
    "_wcsicmp",  "_wcsicoll",  "_wcslwr",    "_wcslwr_s", "_wcsnicmp",  "_wcstoi64",  "_wcstoui64",
    "_wcsupr",   "_wcsupr_s",  "_wtof",      "_wtoi",     "_wtoi64",    "_wtol",      "atof",
    "atoi",      "atol",       "isalnum",    "isalpha",   "iscntrl",    "isdigit",    "isgraph",
    "islower",   "isprint",    "ispunct",    "isspace",   "isupper",    "iswalnum",   "iswalpha",
    "iswcntrl",  "iswctype",   "iswdigit",   "iswgraph",  "iswlower",   "iswprint",   "iswpunct",
    "iswspace",  "iswupper",   "iswxdigit",  "isxdigit",  "mbstowcs",   "mbstowcs_s", "mbtowc",
    "strcoll",   "strftime",   "strtod",     "strtol",    "strtoul",    "strxfrm",    "tolower",
    "toupper",   "towlower",   "towupper",   "wcscoll",   "wcsftime",   "wcstod",     "wcstol",
    "wcstombs",  "wcstombs_s", "wcstoul",    "wcsxfrm",   "wctomb",     "wctomb_s"};

}  // namespace

std::vector<Export> locale_variants(std::span<const Export> functions) {
    // Names must outlive the tables, and a deque never moves them.
    static auto& names = *new std::deque<std::string>;
    std::vector<Export> variants;
    for (const std::string_view name : with_locale) {
        const Export* const function = find_by_name(functions, name);
        if (function == nullptr) continue;
        names.push_back((name.starts_with('_') ? "" : "_") + std::string(name) + "_l");
        variants.push_back({names.back(), function->address, Coverage::partial,
                            "the locale is ignored: there is only \"C\""});
    }
    return variants;
}

}  // namespace instdrv::winapi::crt
