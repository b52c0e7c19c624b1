// https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getprivateprofilestringw
#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "winapi/exports/export.hpp"
#include "winapi/files/profiles.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr const char* win_ini = "win.ini";

// A text cut to fit. The number of characters without the NUL.
template <class Character>
DWORD give(const std::u16string& value, Character* buffer, DWORD size) {
    if (buffer == nullptr || size == 0) return 0;
    const auto text = in_face<Character>(std::u16string_view(value));
    const std::size_t length = std::min<std::size_t>(text.size(), size - 1);
    *std::copy_n(text.begin(), length, buffer) = Character{0};
    return static_cast<DWORD>(length);
}

// Texts, each with its NUL, and one NUL more. Cut off, the answer is size - 2.
template <class Character>
DWORD give_list(const std::vector<std::u16string>& values, Character* buffer, DWORD size) {
    if (buffer == nullptr || size == 0) return 0;
    if (size == 1) {
        buffer[0] = Character{0};
        return 0;
    }
    std::basic_string<Character> list;
    for (const std::u16string& value : values) {
        list += in_face<Character>(std::u16string_view(value));
        list += Character{0};
    }
    if (list.size() < size) {
        *std::copy(list.begin(), list.end(), buffer) = Character{0};
        return static_cast<DWORD>(list.size());
    }
    *std::copy_n(list.begin(), size - 2, buffer) = Character{0};
    buffer[size - 1] = Character{0};
    return size - 2;
}

std::u16string without_trailing_blanks(std::u16string text) {
    while (!text.empty() && (text.back() == u' ' || text.back() == u'\t'))
        text.pop_back();
    return text;
}

template <class Character>
DWORD GetPrivateProfileString(const Character* section, const Character* key,
                              const Character* fallback, Character* buffer, DWORD size,
                              const Character* file) {
    const ProfileFile profile = read_profile(file == nullptr ? win_ini : to_utf8_text(file));
    if (section == nullptr) return give_list(profile.sections(), buffer, size);
    const std::u16string section_name = to_wide_text(section);
    if (key == nullptr) return give_list(profile.keys(section_name), buffer, size);
    const auto found = profile.find(section_name, to_wide_text(key));
    return give(found ? *found : without_trailing_blanks(to_wide_text(fallback)), buffer, size);
}
WINAPI_EXPORT_AS("GetPrivateProfileStringA", in_kernel32, GetPrivateProfileString<char>);
WINAPI_EXPORT_AS("GetPrivateProfileStringW", in_kernel32, GetPrivateProfileString<WCHAR>);

template <class Character>
DWORD GetProfileString(const Character* section, const Character* key, const Character* fallback,
                       Character* buffer, DWORD size) {
    return GetPrivateProfileString<Character>(section, key, fallback, buffer, size, nullptr);
}
WINAPI_EXPORT_AS("GetProfileStringA", in_kernel32, GetProfileString<char>);
WINAPI_EXPORT_AS("GetProfileStringW", in_kernel32, GetProfileString<WCHAR>);

// A decimal number at the front of the value, perhaps with a sign; 0 where there is none.
UINT parse_number(std::u16string_view text) {
    const bool negative = text.starts_with(u'-');
    if (negative || text.starts_with(u'+')) text.remove_prefix(1);
    UINT number = 0;
    for (const char16_t c : text) {
        if (c < u'0' || c > u'9') break;
        number = number * 10 + (c - u'0');
    }
    return negative ? 0 - number : number;
}

template <class Character>
UINT GetPrivateProfileInt(const Character* section, const Character* key, LONG fallback,
                          const Character* file) {
    const ProfileFile profile = read_profile(file == nullptr ? win_ini : to_utf8_text(file));
    const auto found = profile.find(to_wide_text(section), to_wide_text(key));
    return found && !found->empty() ? parse_number(*found) : static_cast<UINT>(fallback);
}
WINAPI_EXPORT_AS("GetPrivateProfileIntA", in_kernel32, GetPrivateProfileInt<char>);
WINAPI_EXPORT_AS("GetPrivateProfileIntW", in_kernel32, GetPrivateProfileInt<WCHAR>);

template <class Character>
UINT GetProfileInt(const Character* section, const Character* key, LONG fallback) {
    return GetPrivateProfileInt<Character>(section, key, fallback, nullptr);
}
WINAPI_EXPORT_AS("GetProfileIntA", in_kernel32, GetProfileInt<char>);
WINAPI_EXPORT_AS("GetProfileIntW", in_kernel32, GetProfileInt<WCHAR>);

template <class Character>
DWORD GetPrivateProfileSection(const Character* section, Character* buffer, DWORD size,
                               const Character* file) {
    const ProfileFile profile = read_profile(file == nullptr ? win_ini : to_utf8_text(file));
    return give_list(profile.lines(to_wide_text(section)), buffer, size);
}
WINAPI_EXPORT_AS("GetPrivateProfileSectionA", in_kernel32, GetPrivateProfileSection<char>);
WINAPI_EXPORT_AS("GetPrivateProfileSectionW", in_kernel32, GetPrivateProfileSection<WCHAR>);

template <class Character>
DWORD GetProfileSection(const Character* section, Character* buffer, DWORD size) {
    return GetPrivateProfileSection<Character>(section, buffer, size, nullptr);
}
WINAPI_EXPORT_AS("GetProfileSectionA", in_kernel32, GetProfileSection<char>);
WINAPI_EXPORT_AS("GetProfileSectionW", in_kernel32, GetProfileSection<WCHAR>);

template <class Character>
DWORD GetPrivateProfileSectionNames(Character* buffer, DWORD size, const Character* file) {
    return give_list(read_profile(file == nullptr ? win_ini : to_utf8_text(file)).sections(),
                     buffer, size);
}
WINAPI_EXPORT_AS("GetPrivateProfileSectionNamesA", in_kernel32,
                 GetPrivateProfileSectionNames<char>);
WINAPI_EXPORT_AS("GetPrivateProfileSectionNamesW", in_kernel32,
                 GetPrivateProfileSectionNames<WCHAR>);

// All three null: Windows writes its cache, which we do not have, and answers FALSE.
template <class Character>
BOOL WritePrivateProfileString(const Character* section, const Character* key,
                               const Character* value, const Character* file) {
    if (section == nullptr) return key == nullptr ? FALSE : fail(ERROR_INVALID_PARAMETER, FALSE);
    ProfileChange change{.section = to_wide_text(section), .texts = {}};
    if (key == nullptr) {
        change.kind = ProfileChange::Kind::remove_section;
    } else if (value == nullptr) {
        change.kind = ProfileChange::Kind::remove;
        change.texts = {to_wide_text(key)};
    } else {
        change.texts = {to_wide_text(key), to_wide_text(value)};
    }
    return succeeded(change_profile(file == nullptr ? win_ini : to_utf8_text(file), change));
}
WINAPI_EXPORT_AS("WritePrivateProfileStringA", in_kernel32, WritePrivateProfileString<char>);
WINAPI_EXPORT_AS("WritePrivateProfileStringW", in_kernel32, WritePrivateProfileString<WCHAR>);

template <class Character>
BOOL WriteProfileString(const Character* section, const Character* key, const Character* value) {
    return WritePrivateProfileString<Character>(section, key, value, nullptr);
}
WINAPI_EXPORT_AS("WriteProfileStringA", in_kernel32, WriteProfileString<char>);
WINAPI_EXPORT_AS("WriteProfileStringW", in_kernel32, WriteProfileString<WCHAR>);

template <class Character>
BOOL WritePrivateProfileSection(const Character* section, const Character* lines,
                                const Character* file) {
    if (section == nullptr) return fail(ERROR_INVALID_PARAMETER, FALSE);
    ProfileChange change{
        .kind = ProfileChange::Kind::remove_section, .section = to_wide_text(section), .texts = {}};
    if (lines != nullptr) {
        change.kind = ProfileChange::Kind::replace;
        for (const Character* line = lines; *line != 0;) {
            change.texts.push_back(to_wide_text(line));
            line += std::char_traits<Character>::length(line) + 1;
        }
    }
    return succeeded(change_profile(file == nullptr ? win_ini : to_utf8_text(file), change));
}
WINAPI_EXPORT_AS("WritePrivateProfileSectionA", in_kernel32, WritePrivateProfileSection<char>);
WINAPI_EXPORT_AS("WritePrivateProfileSectionW", in_kernel32, WritePrivateProfileSection<WCHAR>);

std::string as_hex(std::span<const BYTE> bytes) {
    std::string text;
    BYTE sum = 0;
    for (const BYTE byte : bytes) {
        text += fmt::format("{:02X}", byte);
        sum = static_cast<BYTE>(sum + byte);
    }
    return text + fmt::format("{:02X}", sum);
}

// Bytes are kept as hexadecimal digits, followed by the sum of the bytes.
template <class Character>
BOOL WritePrivateProfileStruct(const Character* section, const Character* key, const BYTE* bytes,
                               UINT size, const Character* file) {
    if (section == nullptr || key == nullptr || bytes == nullptr) {
        return WritePrivateProfileString<Character>(section, key, nullptr, file);
    }
    const auto text = in_face<Character>(std::string_view(as_hex({bytes, size})));
    return WritePrivateProfileString<Character>(section, key, text.c_str(), file);
}
WINAPI_EXPORT_AS("WritePrivateProfileStructA", in_kernel32, WritePrivateProfileStruct<char>);
WINAPI_EXPORT_AS("WritePrivateProfileStructW", in_kernel32, WritePrivateProfileStruct<WCHAR>);

int hex_digit(char16_t c) {
    if (c >= u'0' && c <= u'9') return c - u'0';
    if (c >= u'A' && c <= u'F') return c - u'A' + 10;
    return c >= u'a' && c <= u'f' ? c - u'a' + 10 : -1;
}

// Empty where the text is not as_hex of `size` bytes.
std::vector<BYTE> from_hex(std::u16string_view text, std::size_t size) {
    if (text.size() != 2 * (size + 1)) return {};
    std::vector<BYTE> bytes;
    BYTE sum = 0;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_digit(text[i]);
        const int low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) return {};
        bytes.push_back(static_cast<BYTE>(high << 4 | low));
        if (bytes.size() <= size) sum = static_cast<BYTE>(sum + bytes.back());
    }
    if (bytes.back() != sum) return {};
    bytes.pop_back();
    return bytes;
}

template <class Character>
BOOL GetPrivateProfileStruct(const Character* section, const Character* key, BYTE* buffer,
                             UINT size, const Character* file) {
    const ProfileFile profile = read_profile(file == nullptr ? win_ini : to_utf8_text(file));
    const auto found = profile.find(to_wide_text(section), to_wide_text(key));
    if (!found) return fail(ERROR_FILE_NOT_FOUND, FALSE);
    const std::vector<BYTE> bytes = from_hex(*found, size);
    if (bytes.size() != size) return fail(ERROR_INVALID_DATA, FALSE);
    std::copy(bytes.begin(), bytes.end(), buffer);
    return TRUE;
}
WINAPI_EXPORT_AS("GetPrivateProfileStructA", in_kernel32, GetPrivateProfileStruct<char>);
WINAPI_EXPORT_AS("GetPrivateProfileStructW", in_kernel32, GetPrivateProfileStruct<WCHAR>);

}  // namespace

}  // namespace instdrv::winapi::kernel32
