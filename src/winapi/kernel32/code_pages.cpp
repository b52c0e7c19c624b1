// https://learn.microsoft.com/windows/win32/intl/unicode-and-character-set-functions
#include <cstring>

#include "base/text.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/text/code_page.hpp"
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

int MultiByteToWideChar(UINT code_page, DWORD flags, const char* text, int count, WCHAR* buffer,
                        int size) {
    const auto page = resolve_code_page(code_page);
    if (!page || text == nullptr || count == 0 || size < 0 || (size > 0 && buffer == nullptr)) {
        return fail(ERROR_INVALID_PARAMETER, 0);
    }
    const DWORD allowed = *page == utf8_code_page ? MB_ERR_INVALID_CHARS
                                                  : MB_PRECOMPOSED | MB_COMPOSITE |
                                                        MB_USEGLYPHCHARS | MB_ERR_INVALID_CHARS;
    if ((flags & ~allowed) != 0) return fail(ERROR_INVALID_FLAGS, 0);
    const Decoded decoded = decode(*page, counted(text, count));
    if (!decoded.all_valid && (flags & MB_ERR_INVALID_CHARS) != 0) {
        return fail(ERROR_NO_UNICODE_TRANSLATION, 0);
    }
    return give(decoded.text, buffer, size);
}
WINAPI_EXPORT(MultiByteToWideChar, in_kernel32, Coverage::partial,
              "code pages 1252 (ANSI), 437 (OEM), 20127, 28591 and 65001");

int encode_utf8(DWORD flags, std::u16string_view text, char* buffer, int size) {
    if ((flags & ~WC_ERR_INVALID_CHARS) != 0) return fail(ERROR_INVALID_FLAGS, 0);
    const Encoded encoded = encode(utf8_code_page, text);
    if (!encoded.all_valid && (flags & WC_ERR_INVALID_CHARS) != 0) {
        return fail(ERROR_NO_UNICODE_TRANSLATION, 0);
    }
    return give(encoded.bytes, buffer, size);
}

int WideCharToMultiByte(UINT code_page, DWORD flags, const WCHAR* text, int count, char* buffer,
                        int size, const char* substitute, BOOL* used_substitute) {
    const auto page = resolve_code_page(code_page);
    if (!page || text == nullptr || count == 0 || size < 0 || (size > 0 && buffer == nullptr)) {
        return fail(ERROR_INVALID_PARAMETER, 0);
    }
    const std::u16string_view wide = counted(text, count);
    if (*page == utf8_code_page) {
        if (substitute != nullptr || used_substitute != nullptr) {
            return fail(ERROR_INVALID_PARAMETER, 0);
        }
        return encode_utf8(flags, wide, buffer, size);
    }
    if ((flags & ~(WC_COMPOSITE_FLAGS | WC_NO_BEST_FIT_CHARS)) != 0) {
        return fail(ERROR_INVALID_FLAGS, 0);
    }
    const Encoded encoded =
        encode(*page, wide, substitute == nullptr ? "?" : std::string_view(substitute, 1));
    if (used_substitute != nullptr) *used_substitute = encoded.all_valid ? FALSE : TRUE;
    return give(encoded.bytes, buffer, size);
}
WINAPI_EXPORT(WideCharToMultiByte, in_kernel32, Coverage::partial,
              "code pages 1252 (ANSI), 437 (OEM), 20127, 28591 and 65001; no best-fit characters");

UINT GetACP() { return ansi_code_page; }
WINAPI_EXPORT(GetACP, in_kernel32);

UINT GetOEMCP() { return oem_code_page; }
WINAPI_EXPORT(GetOEMCP, in_kernel32);

BOOL IsValidCodePage(UINT code_page) {
    const bool symbolic = code_page <= 3;
    return !symbolic && resolve_code_page(code_page) ? TRUE : FALSE;
}
WINAPI_EXPORT(IsValidCodePage, in_kernel32, Coverage::partial,
              "code pages 1252 (ANSI), 437 (OEM), 20127, 28591 and 65001");

BOOL IsDBCSLeadByte(BYTE) { return FALSE; }
WINAPI_EXPORT(IsDBCSLeadByte, in_kernel32);

BOOL IsDBCSLeadByteEx(UINT code_page, BYTE) {
    return resolve_code_page(code_page) ? FALSE : fail(ERROR_INVALID_PARAMETER, FALSE);
}
WINAPI_EXPORT(IsDBCSLeadByteEx, in_kernel32, Coverage::partial,
              "code pages 1252 (ANSI), 437 (OEM), 20127, 28591 and 65001");

struct CodePageInfo {
    UINT largest_character;  // bytes
    BYTE default_character[2];
    BYTE lead_bytes[12];
};
static_assert(sizeof(CodePageInfo) == 20);

BOOL GetCPInfo(UINT code_page, CodePageInfo* info) {
    const auto page = resolve_code_page(code_page);
    if (!page || info == nullptr) return fail(ERROR_INVALID_PARAMETER, FALSE);
    *info = CodePageInfo{.largest_character = *page == utf8_code_page ? 4U : 1U,
                         .default_character = {'?', 0},
                         .lead_bytes = {}};
    return TRUE;
}
WINAPI_EXPORT(GetCPInfo, in_kernel32, Coverage::partial,
              "code pages 1252 (ANSI), 437 (OEM), 20127, 28591 and 65001");

}  // namespace

}  // namespace instdrv::winapi::kernel32
