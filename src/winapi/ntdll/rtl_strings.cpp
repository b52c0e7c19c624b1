// Counted strings.
// https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-rtlinitunicodestring
#include <algorithm>
#include <cstring>

#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/ntdll/status.hpp"
#include "winapi/text/code_page.hpp"
#include "winapi/text/letter_case.hpp"
#include "winapi/threads/teb.hpp"

namespace instdrv::winapi::ntdll {
namespace {

constexpr std::size_t longest = 0xFFFE;  // bytes, with the NUL

// Points `counted` at a NUL-terminated text; a null pointer makes it empty.
template <class Counted, class Character>
void point_at(Counted& counted, const Character* text) {
    counted = {};
    if (text == nullptr) return;
    const std::size_t bytes = std::char_traits<Character>::length(text) * sizeof(Character);
    counted.Length = static_cast<WORD>(std::min(bytes, longest - sizeof(Character)));
    counted.MaximumLength = static_cast<WORD>(counted.Length + sizeof(Character));
    counted.Buffer = const_cast<Character*>(text);
}

void RtlInitUnicodeString(UnicodeString* counted, const WCHAR* text) { point_at(*counted, text); }
WINAPI_EXPORT(RtlInitUnicodeString, in_ntdll);

void RtlInitAnsiString(AnsiString* counted, const char* text) { point_at(*counted, text); }
WINAPI_EXPORT(RtlInitAnsiString, in_ntdll);
WINAPI_EXPORT_AS("RtlInitString", in_ntdll, RtlInitAnsiString);

LONG RtlInitUnicodeStringEx(UnicodeString* counted, const WCHAR* text) {
    const bool fits = text == nullptr || std::u16string_view(text).size() * 2 < longest;
    if (!fits) return STATUS_NAME_TOO_LONG;
    point_at(*counted, text);
    return STATUS_SUCCESS;
}
WINAPI_EXPORT(RtlInitUnicodeStringEx, in_ntdll);

template <class Counted, class Character>
LONG store(const std::basic_string<Character>& text, Counted& target, bool allocates) {
    const std::size_t bytes = text.size() * sizeof(Character);
    const std::size_t whole = bytes + sizeof(Character);
    if (whole > longest) return STATUS_INVALID_PARAMETER;
    if (allocates) {
        target.Buffer = static_cast<Character*>(allocate(whole));
        target.MaximumLength = static_cast<WORD>(whole);
        if (target.Buffer == nullptr) return STATUS_NO_MEMORY;
    } else if (target.MaximumLength < whole) {
        return STATUS_BUFFER_OVERFLOW;
    }
    std::memcpy(target.Buffer, text.c_str(), whole);
    target.Length = static_cast<WORD>(bytes);
    return STATUS_SUCCESS;
}

LONG RtlAnsiStringToUnicodeString(UnicodeString* target, const AnsiString* source, BYTE allocates) {
    const std::string_view text(source->Buffer, source->Length);
    return store(decode_ansi(text), *target, allocates != 0);
}
WINAPI_EXPORT(RtlAnsiStringToUnicodeString, in_ntdll);

LONG RtlUnicodeStringToAnsiString(AnsiString* target, const UnicodeString* source, BYTE allocates) {
    const std::u16string_view text(source->Buffer, source->Length / sizeof(WCHAR));
    return store(to_ansi(text), *target, allocates != 0);
}
WINAPI_EXPORT(RtlUnicodeStringToAnsiString, in_ntdll);

template <class Counted>
void free_counted(Counted* counted) {
    release(counted->Buffer);
    *counted = {};
}
WINAPI_EXPORT_AS("RtlFreeAnsiString", in_ntdll, free_counted<AnsiString>);
WINAPI_EXPORT_AS("RtlFreeUnicodeString", in_ntdll, free_counted<UnicodeString>);

LONG RtlCompareUnicodeString(const UnicodeString* a, const UnicodeString* b, BYTE ignore_case) {
    const auto at = [&](const UnicodeString* text, std::size_t i) {
        return ignore_case != 0 ? upper_case(text->Buffer[i]) : text->Buffer[i];
    };
    const std::size_t shared = std::min(a->Length, b->Length) / sizeof(WCHAR);
    for (std::size_t i = 0; i < shared; ++i) {
        if (at(a, i) != at(b, i)) return at(a, i) - at(b, i);
    }
    return a->Length - b->Length;
}
WINAPI_EXPORT(RtlCompareUnicodeString, in_ntdll);

BYTE RtlEqualUnicodeString(const UnicodeString* a, const UnicodeString* b, BYTE ignore_case) {
    return RtlCompareUnicodeString(a, b, ignore_case) == 0 ? 1 : 0;
}
WINAPI_EXPORT(RtlEqualUnicodeString, in_ntdll);

WCHAR RtlUpcaseUnicodeChar(WCHAR c) { return upper_case(c); }
WINAPI_EXPORT(RtlUpcaseUnicodeChar, in_ntdll);

}  // namespace

}  // namespace instdrv::winapi::ntdll
