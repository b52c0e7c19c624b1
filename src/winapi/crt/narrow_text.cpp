// Narrow strings. https://learn.microsoft.com/cpp/c-runtime-library/string-manipulation-crt
#include <cerrno>
#include <climits>
#include <cstring>
#include <string>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/letters.hpp"
#include "winapi/crt/passed_on.hpp"
#include "winapi/crt/topics.hpp"
#include "winapi/heap.hpp"

namespace instdrv::winapi::crt {
namespace {

char* WINFN_C narrow_duplicate(const char* text) {
    if (text == nullptr) return nullptr;
    const std::size_t size = std::strlen(text) + 1;
    auto* const copy = static_cast<char*>(allocate(size));
    if (copy == nullptr) return fail_with<char*>(ENOMEM, nullptr);
    std::memcpy(copy, text, size);
    return copy;
}

int WINFN_C stricmp(const char* a, const char* b) { return compare_ignoring_case(a, b, SIZE_MAX); }

int WINFN_C strnicmp(const char* a, const char* b, SIZE_T limit) {
    return compare_ignoring_case(a, b, limit);
}

char* WINFN_C strlwr(char* text) {
    for (char* at = text; *at != 0; ++at)
        *at = static_cast<char>(lower_case(*at));
    return text;
}

char* WINFN_C strupr(char* text) {
    for (char* at = text; *at != 0; ++at)
        *at = static_cast<char>(upper_case(*at));
    return text;
}

char* WINFN_C strrev(char* text) {
    const std::size_t length = std::strlen(text);
    for (std::size_t i = 0; i < length / 2; ++i)
        std::swap(text[i], text[length - 1 - i]);
    return text;
}

char* WINFN_C strset(char* text, int c) {
    std::memset(text, c, std::strlen(text));
    return text;
}

char* WINFN_C strnset(char* text, int c, SIZE_T limit) {
    std::memset(text, c, bounded_length(text, limit));
    return text;
}

char* WINFN_C crt_strtok(char* text, const char* separators) {
    static thread_local char* rest = nullptr;
    return ::strtok_r(text, separators, &rest);
}

// In the "C" locale, text is ordered by its bytes and transformed into itself.
SIZE_T WINFN_C crt_strxfrm(char* to, const char* from, SIZE_T room) {
    const std::size_t length = std::strlen(from);
    if (room > length) std::memcpy(to, from, length + 1);
    return length;
}

SIZE_T WINFN_C crt_strnlen(const char* text, SIZE_T limit) {
    return text == nullptr ? 0 : bounded_length(text, limit);
}

// The texts that Microsoft documents, where drivers may compare them, else the host's.
char* error_text(int error) {
    static thread_local std::string text;
    text = error == 0                     ? "No error"
           : error > 0 && error <= ERANGE ? ::strerror(error)
                                          : "Unknown error";
    return text.data();
}

char* WINFN_C crt_strerror(int error) { return error_text(error); }

int WINFN_C strerror_s(char* to, SIZE_T room, int error) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    const std::string text = error_text(error);
    const std::size_t length = std::min(text.size(), room - 1);
    std::memcpy(to, text.c_str(), length);
    to[length] = 0;
    return 0;
}

}  // namespace

std::span<const Export> narrow_text_exports() {
    using Text = const char*;
    static const Export table[] = {
        passed_on<void*(void*, const void*, int, SIZE_T), ::memccpy>("_memccpy"),
        {"_strcmpi", address_of(stricmp)},
        {"_strdup", address_of(narrow_duplicate)},
        {"_stricmp", address_of(stricmp), Coverage::partial, "ASCII letters only"},
        {"_stricoll", address_of(stricmp), Coverage::partial, "the \"C\" locale only"},
        {"_strlwr", address_of(strlwr), Coverage::partial, "ASCII letters only"},
        {"_strnicmp", address_of(strnicmp), Coverage::partial, "ASCII letters only"},
        {"_strnicoll", address_of(strnicmp), Coverage::partial, "the \"C\" locale only"},
        {"_strncoll", address_of(PassedOn<int(Text, Text, SIZE_T), std::strncmp>::call),
         Coverage::partial, "the \"C\" locale only"},
        {"_strnset", address_of(strnset)},
        {"_strrev", address_of(strrev)},
        {"_strset", address_of(strset)},
        {"_strupr", address_of(strupr), Coverage::partial, "ASCII letters only"},
        passed_on<char*(char*, Text), std::strcat>("strcat"),
        passed_on<Text(Text, int), std::strchr>("strchr"),
        passed_on<int(Text, Text), std::strcmp>("strcmp"),
        {"strcoll", address_of(PassedOn<int(Text, Text), std::strcmp>::call), Coverage::partial,
         "the \"C\" locale only"},
        passed_on<char*(char*, Text), std::strcpy>("strcpy"),
        passed_on<SIZE_T(Text, Text), std::strcspn>("strcspn"),
        {"strerror", address_of(crt_strerror)},
        {"strerror_s", address_of(strerror_s)},
        passed_on<SIZE_T(Text), std::strlen>("strlen"),
        passed_on<char*(char*, Text, SIZE_T), std::strncat>("strncat"),
        passed_on<int(Text, Text, SIZE_T), std::strncmp>("strncmp"),
        passed_on<char*(char*, Text, SIZE_T), std::strncpy>("strncpy"),
        {"strnlen", address_of(crt_strnlen)},
        passed_on<Text(Text, Text), std::strpbrk>("strpbrk"),
        passed_on<Text(Text, int), std::strrchr>("strrchr"),
        passed_on<SIZE_T(Text, Text), std::strspn>("strspn"),
        passed_on<Text(Text, Text), std::strstr>("strstr"),
        {"strtok", address_of(crt_strtok)},
        passed_on<char*(char*, Text, char**), ::strtok_r>("strtok_s"),
        {"strxfrm", address_of(crt_strxfrm), Coverage::partial, "the \"C\" locale only"},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
