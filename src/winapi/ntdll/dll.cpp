#include <vector>

#include "winapi/crt/topics.hpp"
#include "winapi/dlls.hpp"
#include "winapi/kernel32/topics.hpp"
#include "winapi/msvcrt/topics.hpp"
#include "winapi/ntdll/topics.hpp"

namespace instdrv::winapi {
namespace {

// The C functions that ntdll has too, in the behaviour of msvcrt. Most drivers import some of
// ntdll's functions, so they are looked for in their topics and not in the large table of msvcrt.
std::vector<Export> c_functions() {
    return selected(
        joined({crt::arithmetic_exports(), crt::character_exports(), crt::double_math_exports(),
                crt::memory_exports(), crt::multibyte_exports(), crt::narrow_text_exports(),
                crt::number_exports(), crt::scanning_exports(), crt::sorting_exports(),
                crt::text_printing_exports(), crt::wide_text_exports()}),
        {"__isascii", "_itoa",      "_itow",       "_memicmp", "_snprintf", "_snwprintf",
         "_stricmp",  "_strlwr",    "_strnicmp",   "_strupr",  "_ui64toa",  "_ultoa",
         "_ultow",    "_vsnprintf", "_vsnwprintf", "_wcsicmp", "_wcslwr",   "_wcsnicmp",
         "_wcsupr",   "_wtoi",      "_wtol",       "abs",      "atoi",      "atol",
         "bsearch",   "ceil",       "cos",         "fabs",     "floor",     "isalnum",
         "isalpha",   "iscntrl",    "isdigit",     "isgraph",  "islower",   "isprint",
         "ispunct",   "isspace",    "isupper",     "iswalpha", "iswctype",  "isxdigit",
         "labs",      "log",        "mbstowcs",    "memchr",   "memcmp",    "memcpy",
         "memmove",   "memset",     "pow",         "qsort",    "sin",       "sprintf",
         "sqrt",      "sscanf",     "strcat",      "strchr",   "strcmp",    "strcpy",
         "strcspn",   "strlen",     "strncat",     "strncmp",  "strncpy",   "strpbrk",
         "strrchr",   "strspn",     "strstr",      "strtol",   "strtoul",   "swprintf",
         "tan",       "tolower",    "toupper",     "towlower", "towupper",  "vsprintf",
         "wcscat",    "wcschr",     "wcscmp",      "wcscpy",   "wcscspn",   "wcslen",
         "wcsncat",   "wcsncmp",    "wcsncpy",     "wcspbrk",  "wcsrchr",   "wcsspn",
         "wcsstr",    "wcstol",     "wcstombs",    "wcstoul"});
}

}  // namespace

const Dll& ntdll_dll() {
    static constexpr Dll dll{"ntdll.dll", [] {
                                 static const std::vector<Export> exports = joined({
                                     exception_exports(), exception_handler_exports(),
                                         language_handler_exports(), rtl_memory_exports(),
                                         rtl_heap_exports(), rtl_string_exports(),
#if defined(__i386__)
                                         compiler_exports(),
#endif
                                         rtl_system_exports(), c_functions()
                                 });
                                 return std::span<const Export>(exports);
                             }};
    return dll;
}

}  // namespace instdrv::winapi
