// Narrow strings. https://learn.microsoft.com/cpp/c-runtime-library/string-manipulation-crt
#include <cerrno>
#include <climits>
#include <cstring>
#include <string>

#include "winapi/crt/letters.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

char* _strdup(const char* text) {
    if (text == nullptr) return nullptr;
    const std::size_t size = std::strlen(text) + 1;
    auto* const copy = static_cast<char*>(allocate(size));
    if (copy == nullptr) return fail_with<char*>(ENOMEM, nullptr);
    std::memcpy(copy, text, size);
    return copy;
}
CRT_EXPORT(_strdup, in_crt);

int stricmp(const char* a, const char* b) { return compare_ignoring_case(a, b, SIZE_MAX); }
CRT_EXPORT_AS("_strcmpi", in_crt, stricmp);
CRT_EXPORT_AS("_stricmp", in_crt | in_ntdll | with_locale, stricmp, Coverage::partial,
              "ASCII letters only");
CRT_EXPORT_AS("_stricoll", in_crt | with_locale, stricmp, Coverage::partial,
              "the \"C\" locale only");

int strnicmp(const char* a, const char* b, SIZE_T limit) {
    return compare_ignoring_case(a, b, limit);
}
CRT_EXPORT_AS("_strnicmp", in_crt | in_ntdll | with_locale, strnicmp, Coverage::partial,
              "ASCII letters only");
CRT_EXPORT_AS("_strnicoll", in_crt | with_locale, strnicmp, Coverage::partial,
              "the \"C\" locale only");

char* _strlwr(char* text) {
    for (char* at = text; *at != 0; ++at)
        *at = static_cast<char>(lower_case(*at));
    return text;
}
CRT_EXPORT(_strlwr, in_crt | in_ntdll | with_locale, Coverage::partial, "ASCII letters only");

char* _strupr(char* text) {
    for (char* at = text; *at != 0; ++at)
        *at = static_cast<char>(upper_case(*at));
    return text;
}
CRT_EXPORT(_strupr, in_crt | in_ntdll | with_locale, Coverage::partial, "ASCII letters only");

char* _strrev(char* text) {
    const std::size_t length = std::strlen(text);
    for (std::size_t i = 0; i < length / 2; ++i)
        std::swap(text[i], text[length - 1 - i]);
    return text;
}
CRT_EXPORT(_strrev, in_crt);

char* _strset(char* text, int c) {
    std::memset(text, c, std::strlen(text));
    return text;
}
CRT_EXPORT(_strset, in_crt);

char* _strnset(char* text, int c, SIZE_T limit) {
    std::memset(text, c, bounded_length(text, limit));
    return text;
}
CRT_EXPORT(_strnset, in_crt);

char* crt_strtok(char* text, const char* separators) {
    static thread_local char* rest = nullptr;
    return ::strtok_r(text, separators, &rest);
}
CRT_EXPORT_AS("strtok", in_crt, crt_strtok);

// In the "C" locale, text is ordered by its bytes and transformed into itself.
SIZE_T crt_strxfrm(char* to, const char* from, SIZE_T room) {
    const std::size_t length = std::strlen(from);
    if (room > length) std::memcpy(to, from, length + 1);
    return length;
}
CRT_EXPORT_AS("strxfrm", in_crt | with_locale, crt_strxfrm, Coverage::partial,
              "the \"C\" locale only");

SIZE_T crt_strnlen(const char* text, SIZE_T limit) {
    return text == nullptr ? 0 : bounded_length(text, limit);
}
CRT_EXPORT_AS("strnlen", in_crt, crt_strnlen);

// The texts that Microsoft documents, where drivers may compare them, else the host's.
char* error_text(int error) {
    static thread_local std::string text;
    text = error == 0                     ? "No error"
           : error > 0 && error <= ERANGE ? ::strerror(error)
                                          : "Unknown error";
    return text.data();
}

char* crt_strerror(int error) { return error_text(error); }
CRT_EXPORT_AS("strerror", in_crt, crt_strerror);

int strerror_s(char* to, SIZE_T room, int error) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    const std::string text = error_text(error);
    const std::size_t length = std::min(text.size(), room - 1);
    std::memcpy(to, text.c_str(), length);
    to[length] = 0;
    return 0;
}
CRT_EXPORT(strerror_s, in_crt);

}  // namespace

using Text = const char*;
CRT_EXPORT_AS("_memccpy", in_crt, (libc<void*(void*, const void*, int, SIZE_T)>(::memccpy)));
CRT_EXPORT_AS("_strncoll", in_crt, (libc<int(Text, Text, SIZE_T)>(std::strncmp)), Coverage::partial,
              "the \"C\" locale only");
CRT_EXPORT_AS("strcat", in_crt | in_ntdll, (libc<char*(char*, Text)>(std::strcat)));
CRT_EXPORT_AS("strchr", in_crt | in_ntdll | in_vcruntime140, (libc<Text(Text, int)>(std::strchr)));
CRT_EXPORT_AS("strcmp", in_crt | in_ntdll, (libc<int(Text, Text)>(std::strcmp)));
CRT_EXPORT_AS("strcoll", in_crt | with_locale, (libc<int(Text, Text)>(std::strcmp)),
              Coverage::partial, "the \"C\" locale only");
CRT_EXPORT_AS("strcpy", in_crt | in_ntdll, (libc<char*(char*, Text)>(std::strcpy)));
CRT_EXPORT_AS("strcspn", in_crt | in_ntdll, (libc<SIZE_T(Text, Text)>(std::strcspn)));
CRT_EXPORT_AS("strlen", in_crt | in_ntdll, (libc<SIZE_T(Text)>(std::strlen)));
CRT_EXPORT_AS("strncat", in_crt | in_ntdll, (libc<char*(char*, Text, SIZE_T)>(std::strncat)));
CRT_EXPORT_AS("strncmp", in_crt | in_ntdll, (libc<int(Text, Text, SIZE_T)>(std::strncmp)));
CRT_EXPORT_AS("strncpy", in_crt | in_ntdll, (libc<char*(char*, Text, SIZE_T)>(std::strncpy)));
CRT_EXPORT_AS("strpbrk", in_crt | in_ntdll, (libc<Text(Text, Text)>(std::strpbrk)));
CRT_EXPORT_AS("strrchr", in_crt | in_ntdll | in_vcruntime140,
              (libc<Text(Text, int)>(std::strrchr)));
CRT_EXPORT_AS("strspn", in_crt | in_ntdll, (libc<SIZE_T(Text, Text)>(std::strspn)));
CRT_EXPORT_AS("strstr", in_crt | in_ntdll | in_vcruntime140, (libc<Text(Text, Text)>(std::strstr)));
CRT_EXPORT_AS("strtok_s", in_crt, (libc<char*(char*, Text, char**)>(::strtok_r)));

}  // namespace instdrv::winapi::crt
