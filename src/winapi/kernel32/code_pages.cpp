// https://learn.microsoft.com/windows/win32/intl/unicode-and-character-set-functions
#include <algorithm>
#include <cstring>

#include "winapi/exports/export.hpp"
#include "winapi/text/code_page.hpp"
#include "winapi/text/driver_text.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD MB_PRECOMPOSED = 0x1;
constexpr DWORD MB_COMPOSITE = 0x2;
constexpr DWORD MB_USEGLYPHCHARS = 0x4;
constexpr DWORD MB_ERR_INVALID_CHARS = 0x8;
constexpr DWORD WC_ERR_INVALID_CHARS = 0x80;
constexpr DWORD WC_COMPOSITE_FLAGS = 0x270;
constexpr DWORD WC_NO_BEST_FIT_CHARS = 0x400;

// `count` characters, or with -1 those up to the NUL and the NUL itself.
template <class Character>
std::basic_string_view<Character> counted(const Character* text, int count) {
    if (count >= 0) return {text, static_cast<std::size_t>(count)};
    return {text, std::char_traits<Character>::length(text) + 1};
}

template <class Character>
int give(const std::basic_string<Character>& text, Character* buffer, int size) {
    const auto length = static_cast<int>(text.size());
    if (size == 0) return length;
    const int fitting = length < size ? length : size;
    std::memcpy(buffer, text.data(), static_cast<std::size_t>(fitting) * sizeof(Character));
    return fitting == length ? length : fail(ERROR_INSUFFICIENT_BUFFER, 0);
}

bool are_possible(const void* from, int count, const void* to, int size) {
    const bool has_target = to != nullptr && to != from;
    return from != nullptr && count != 0 && size >= 0 && (size == 0 || has_target);
}

bool are_possible_flags(UINT page, DWORD flags) {
    if (page == utf7_code_page) return flags == 0;
    if (page == utf8_code_page) return (flags & ~MB_ERR_INVALID_CHARS) == 0;
    constexpr DWORD forms = MB_PRECOMPOSED | MB_COMPOSITE;
    return (flags & ~(forms | MB_USEGLYPHCHARS | MB_ERR_INVALID_CHARS)) == 0 &&
           (flags & forms) != forms;
}

int MultiByteToWideChar(UINT code_page, DWORD flags, const char* text, int count, WCHAR* buffer,
                        int size) {
    const auto page = resolve_code_page(code_page);
    if (!page || !are_possible(text, count, buffer, size)) {
        return fail(ERROR_INVALID_PARAMETER, 0);
    }
    if (!are_possible_flags(*page, flags)) return fail(ERROR_INVALID_FLAGS, 0);
    const Decoded decoded = decode(*page, counted(text, count));
    if (!decoded.all_valid && (flags & MB_ERR_INVALID_CHARS) != 0) {
        return fail(ERROR_NO_UNICODE_TRANSLATION, 0);
    }
    return give(decoded.text, buffer, size);
}
WINAPI_EXPORT(MultiByteToWideChar, in_kernel32, Coverage::partial,
              "the code pages of docs/windows-text.md; MB_COMPOSITE and MB_USEGLYPHCHARS change "
              "nothing");

int encode_unicode(UINT page, DWORD flags, std::u16string_view text, char* buffer, int size) {
    const DWORD allowed = page == utf8_code_page ? WC_ERR_INVALID_CHARS : DWORD{0};
    if ((flags & ~allowed) != 0) return fail(ERROR_INVALID_FLAGS, 0);
    const Encoded encoded = encode(page, text);
    if (!encoded.all_valid && (flags & WC_ERR_INVALID_CHARS) != 0) {
        return fail(ERROR_NO_UNICODE_TRANSLATION, 0);
    }
    return give(encoded.bytes, buffer, size);
}

int WideCharToMultiByte(UINT code_page, DWORD flags, const WCHAR* text, int count, char* buffer,
                        int size, const char* substitute, BOOL* used_substitute) {
    const auto page = resolve_code_page(code_page);
    if (!page || !are_possible(text, count, buffer, size)) {
        return fail(ERROR_INVALID_PARAMETER, 0);
    }
    const std::u16string_view wide = counted(text, count);
    if (*page == utf7_code_page || *page == utf8_code_page) {
        if (substitute != nullptr || used_substitute != nullptr) {
            return fail(ERROR_INVALID_PARAMETER, 0);
        }
        return encode_unicode(*page, flags, wide, buffer, size);
    }
    if ((flags & ~(WC_COMPOSITE_FLAGS | WC_NO_BEST_FIT_CHARS)) != 0) {
        return fail(ERROR_INVALID_FLAGS, 0);
    }
    Substitution substitution{.best_fit = (flags & WC_NO_BEST_FIT_CHARS) == 0};
    if (substitute != nullptr) {
        const bool is_pair =
            is_lead_byte(*page, static_cast<unsigned char>(*substitute)) && substitute[1] != 0;
        substitution.text = {substitute, is_pair ? 2U : 1U};
    }
    const Encoded encoded = encode(*page, wide, substitution);
    if (used_substitute != nullptr) *used_substitute = encoded.all_valid ? FALSE : TRUE;
    return give(encoded.bytes, buffer, size);
}
WINAPI_EXPORT(WideCharToMultiByte, in_kernel32, Coverage::partial,
              "the code pages of docs/windows-text.md, with best-fit characters of our own; "
              "WC_COMPOSITECHECK changes nothing");

UINT GetACP() { return ansi_code_page(); }
WINAPI_EXPORT(GetACP, in_kernel32);

UINT GetOEMCP() { return oem_code_page(); }
WINAPI_EXPORT(GetOEMCP, in_kernel32);

BOOL IsValidCodePage(UINT code_page) {
    const bool symbolic = code_page <= 3;
    return !symbolic && resolve_code_page(code_page) ? TRUE : FALSE;
}
WINAPI_EXPORT(IsValidCodePage, in_kernel32, Coverage::partial,
              "the code pages of docs/windows-text.md");

BOOL IsDBCSLeadByteEx(UINT code_page, BYTE byte) {
    const auto page = resolve_code_page(code_page);
    if (!page) return fail(ERROR_INVALID_PARAMETER, FALSE);
    return is_lead_byte(*page, byte) ? TRUE : FALSE;
}
WINAPI_EXPORT(IsDBCSLeadByteEx, in_kernel32, Coverage::partial,
              "the code pages of docs/windows-text.md");

BOOL IsDBCSLeadByte(BYTE byte) { return is_lead_byte(ansi_code_page(), byte) ? TRUE : FALSE; }
WINAPI_EXPORT(IsDBCSLeadByte, in_kernel32);

struct CodePageInfo {
    UINT largest_character;  // bytes
    BYTE default_character[2];
    BYTE lead_bytes[12];
};
static_assert(sizeof(CodePageInfo) == 20);

// Of CodePageInfo or of CodePageInfoEx, which begins like it.
template <class Info>
void fill_info(UINT page, Info& info) {
    info.largest_character = most_bytes_of(page);
    info.default_character[0] = '?';
    if (const CodePageTable* const table = find_table(page)) {
        std::ranges::copy(table->lead_bytes, info.lead_bytes);
    }
}

BOOL GetCPInfo(UINT code_page, CodePageInfo* info) {
    const auto page = resolve_code_page(code_page);
    if (!page || info == nullptr) return fail(ERROR_INVALID_PARAMETER, FALSE);
    *info = {};
    fill_info(*page, *info);
    return TRUE;
}
WINAPI_EXPORT(GetCPInfo, in_kernel32, Coverage::partial, "the code pages of docs/windows-text.md");

// https://learn.microsoft.com/windows/win32/api/winnls/ns-winnls-cpinfoexw
template <class Character>
struct CodePageInfoEx {
    UINT largest_character;
    BYTE default_character[2];
    BYTE lead_bytes[12];
    WCHAR unicode_default;
    UINT code_page;
    Character name[260];
};
static_assert(sizeof(CodePageInfoEx<char>) == 284 && sizeof(CodePageInfoEx<WCHAR>) == 544);

template <class Character>
BOOL code_page_info(UINT code_page, DWORD flags, CodePageInfoEx<Character>* info) {
    const auto page = resolve_code_page(code_page);
    if (!page || info == nullptr || flags != 0) return fail(ERROR_INVALID_PARAMETER, FALSE);
    const CodePageTable* const table = find_table(*page);
    *info = {};
    fill_info(*page, *info);
    info->unicode_default = table == nullptr ? replacement_character : table->unicode_default;
    info->code_page = *page;
    std::ranges::copy(in_face<Character>(code_page_name(*page)), info->name);
    return TRUE;
}
WINAPI_EXPORT_AS("GetCPInfoExA", in_kernel32, code_page_info<char>, Coverage::partial,
                 "the code pages of docs/windows-text.md");
WINAPI_EXPORT_AS("GetCPInfoExW", in_kernel32, code_page_info<WCHAR>, Coverage::partial,
                 "the code pages of docs/windows-text.md");

}  // namespace

}  // namespace instdrv::winapi::kernel32
