// The path functions that shlwapi has besides kernelbase's. Buffers have room for MAX_PATH (260)
// characters, as documented.
// https://learn.microsoft.com/windows/win32/api/shlwapi/
#include <algorithm>
#include <string>
#include <string_view>

#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/text/letter_case.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/text/wildcard.hpp"

namespace instdrv::winapi::shlwapi {
namespace {

constexpr std::size_t longest_path = 260;

template <class Char>
using View = std::basic_string_view<Char>;
template <class Char>
using Text = std::basic_string<Char>;

template <class Char>
View<Char> view(const Char* text) {
    return text == nullptr ? View<Char>{} : View<Char>(text);
}

template <class Char>
bool has_drive(View<Char> path) {
    return path.size() >= 2 && path[1] == ':';
}

// False, and the buffer is as it was: too long.
template <class Char>
BOOL replace(Char* path, const Text<Char>& text) {
    if (text.size() >= longest_path) return FALSE;
    *std::copy(text.begin(), text.end(), path) = 0;
    return TRUE;
}

// "C:\", "\", "\\server" and "\\server\share".
template <class Char>
BOOL is_root(const Char* path) {
    const Text<Char> text = structure_of(view(path));
    if (text.size() >= 2 && text[0] == '\\' && text[1] == '\\') {
        return std::count(text.begin() + 2, text.end(), Char{'\\'}) <= 1 ? TRUE : FALSE;
    }
    const bool is_slash = text.size() == 1 && text[0] == '\\';
    const bool is_drive = text.size() == 3 && has_drive<Char>(text) && text[2] == '\\';
    return is_slash || is_drive ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("PathIsRootA", in_shlwapi, is_root<char>);
WINAPI_EXPORT_AS("PathIsRootW", in_shlwapi, is_root<WCHAR>);

// Where the extension begins with its dot, or the text ends.
template <class Char>
std::size_t extension_start(View<Char> path) {
    constexpr Char separators[] = {'\\', ' ', 0};
    const auto dot = path.rfind(Char{'.'});
    const auto separator = structure_of(path).find_last_of(separators);
    const bool in_name = separator == View<Char>::npos || dot > separator;
    return dot != View<Char>::npos && in_name ? dot : path.size();
}

template <class Char>
BOOL add_extension(Char* path, const Char* extension) {
    if (path == nullptr || extension_start(view<Char>(path)) != view<Char>(path).size()) {
        return FALSE;
    }
    static constexpr Char exe[] = {'.', 'e', 'x', 'e', 0};
    return replace(path, Text<Char>(path) + (extension == nullptr ? exe : extension));
}
WINAPI_EXPORT_AS("PathAddExtensionA", in_shlwapi, add_extension<char>);
WINAPI_EXPORT_AS("PathAddExtensionW", in_shlwapi, add_extension<WCHAR>);

template <class Char>
BOOL rename_extension(Char* path, const Char* extension) {
    if (path == nullptr || extension == nullptr) return FALSE;
    const View<Char> text = view<Char>(path);
    return replace(path, Text<Char>(text.substr(0, extension_start(text))) + extension);
}
WINAPI_EXPORT_AS("PathRenameExtensionA", in_shlwapi, rename_extension<char>);
WINAPI_EXPORT_AS("PathRenameExtensionW", in_shlwapi, rename_extension<WCHAR>);

template <class Char>
Char* remove_backslash(Char* path) {
    const Text<Char> text = structure_of(view<Char>(path));
    if (text.empty()) return path;
    if (text.back() == '\\' && is_root<Char>(path) == FALSE) path[text.size() - 1] = 0;
    return path + text.size() - 1;
}
WINAPI_EXPORT_AS("PathRemoveBackslashA", in_shlwapi, remove_backslash<char>);
WINAPI_EXPORT_AS("PathRemoveBackslashW", in_shlwapi, remove_backslash<WCHAR>);

template <class Char>
void remove_quotes(Char* path) {
    if (path == nullptr || path[0] != '"') return;
    Text<Char> text(path + 1);
    if (text.ends_with(Char{'"'})) text.pop_back();
    replace(path, text);
}
WINAPI_EXPORT_AS("PathUnquoteSpacesA", in_shlwapi, remove_quotes<char>);
WINAPI_EXPORT_AS("PathUnquoteSpacesW", in_shlwapi, remove_quotes<WCHAR>);

template <class Char>
BOOL quote_spaces(Char* path) {
    if (view<Char>(path).find(Char{' '}) == View<Char>::npos) return FALSE;
    const Text<Char> quote(1, Char{'"'});
    return replace(path, quote + path + quote);
}
WINAPI_EXPORT_AS("PathQuoteSpacesA", in_shlwapi, quote_spaces<char>);
WINAPI_EXPORT_AS("PathQuoteSpacesW", in_shlwapi, quote_spaces<WCHAR>);

template <class Char>
int drive_number(const Char* path) {
    const View<Char> text = view(path);
    if (!has_drive(text)) return -1;
    const char16_t letter = lower_case(static_cast<char16_t>(text[0]));
    return letter >= u'a' && letter <= u'z' ? letter - u'a' : -1;
}
WINAPI_EXPORT_AS("PathGetDriveNumberA", in_shlwapi, drive_number<char>);
WINAPI_EXPORT_AS("PathGetDriveNumberW", in_shlwapi, drive_number<WCHAR>);

// Patterns are separated by semicolons.
template <class Char>
BOOL match_spec(const Char* name, const Char* patterns) {
    const std::string text = to_utf8_text(name);
    const std::string all = to_utf8_text(patterns);
    for (std::string_view rest = all; !rest.empty();) {
        const auto end = std::min(rest.find(';'), rest.size());
        if (matches_wildcard(text, trim(rest.substr(0, end)))) return TRUE;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return FALSE;
}
WINAPI_EXPORT_AS("PathMatchSpecA", in_shlwapi, match_spec<char>);
WINAPI_EXPORT_AS("PathMatchSpecW", in_shlwapi, match_spec<WCHAR>);

}  // namespace

}  // namespace instdrv::winapi::shlwapi
