// The path functions that shlwapi has besides kernelbase's. Buffers have room for MAX_PATH (260)
// characters, as documented.
// https://learn.microsoft.com/windows/win32/api/shlwapi/
#include <algorithm>
#include <string>
#include <string_view>

#include "winapi/abi.hpp"
#include "winapi/letter_case.hpp"
#include "winapi/shlwapi/topics.hpp"
#include "winapi/text_arguments.hpp"
#include "winapi/wildcard.hpp"

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
BOOL WINFN is_root(const Char* path) {
    const View<Char> text = view(path);
    if (text.size() >= 2 && text[0] == '\\' && text[1] == '\\') {
        return std::count(text.begin() + 2, text.end(), Char{'\\'}) <= 1 ? TRUE : FALSE;
    }
    const bool is_slash = text.size() == 1 && text[0] == '\\';
    const bool is_drive = text.size() == 3 && has_drive(text) && text[2] == '\\';
    return is_slash || is_drive ? TRUE : FALSE;
}

// Where the extension begins with its dot, or the text ends.
template <class Char>
std::size_t extension_start(View<Char> path) {
    constexpr Char separators[] = {'\\', ' ', 0};
    const auto dot = path.rfind(Char{'.'});
    const auto separator = path.find_last_of(separators);
    const bool in_name = separator == View<Char>::npos || dot > separator;
    return dot != View<Char>::npos && in_name ? dot : path.size();
}

template <class Char>
BOOL WINFN add_extension(Char* path, const Char* extension) {
    if (path == nullptr || extension_start(view<Char>(path)) != view<Char>(path).size()) {
        return FALSE;
    }
    static constexpr Char exe[] = {'.', 'e', 'x', 'e', 0};
    return replace(path, Text<Char>(path) + (extension == nullptr ? exe : extension));
}

template <class Char>
BOOL WINFN rename_extension(Char* path, const Char* extension) {
    if (path == nullptr || extension == nullptr) return FALSE;
    const View<Char> text = view<Char>(path);
    return replace(path, Text<Char>(text.substr(0, extension_start(text))) + extension);
}

template <class Char>
Char* WINFN remove_backslash(Char* path) {
    const View<Char> text = view<Char>(path);
    if (text.empty()) return path;
    if (text.back() == '\\' && is_root<Char>(path) == FALSE) path[text.size() - 1] = 0;
    return path + text.size() - 1;
}

template <class Char>
void WINFN remove_quotes(Char* path) {
    if (path == nullptr || path[0] != '"') return;
    Text<Char> text(path + 1);
    if (text.ends_with(Char{'"'})) text.pop_back();
    replace(path, text);
}

template <class Char>
BOOL WINFN quote_spaces(Char* path) {
    if (view<Char>(path).find(Char{' '}) == View<Char>::npos) return FALSE;
    const Text<Char> quote(1, Char{'"'});
    return replace(path, quote + path + quote);
}

template <class Char>
int WINFN drive_number(const Char* path) {
    const View<Char> text = view(path);
    if (!has_drive(text)) return -1;
    const char16_t letter = lower_case(static_cast<char16_t>(text[0]));
    return letter >= u'a' && letter <= u'z' ? letter - u'a' : -1;
}

// Patterns are separated by semicolons.
template <class Char>
BOOL WINFN match_spec(const Char* name, const Char* patterns) {
    const std::string text = to_utf8_text(name);
    const std::string all = to_utf8_text(patterns);
    for (std::string_view rest = all; !rest.empty();) {
        const auto end = std::min(rest.find(';'), rest.size());
        if (matches_wildcard(text, trim(rest.substr(0, end)))) return TRUE;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return FALSE;
}

}  // namespace

std::span<const Export> path_exports() {
    static const Export table[] = {
        {"PathAddExtensionA", address_of(add_extension<char>)},
        {"PathAddExtensionW", address_of(add_extension<WCHAR>)},
        {"PathGetDriveNumberA", address_of(drive_number<char>)},
        {"PathGetDriveNumberW", address_of(drive_number<WCHAR>)},
        {"PathIsRootA", address_of(is_root<char>)},
        {"PathIsRootW", address_of(is_root<WCHAR>)},
        {"PathMatchSpecA", address_of(match_spec<char>)},
        {"PathMatchSpecW", address_of(match_spec<WCHAR>)},
        {"PathQuoteSpacesA", address_of(quote_spaces<char>)},
        {"PathQuoteSpacesW", address_of(quote_spaces<WCHAR>)},
        {"PathRemoveBackslashA", address_of(remove_backslash<char>)},
        {"PathRemoveBackslashW", address_of(remove_backslash<WCHAR>)},
        {"PathRenameExtensionA", address_of(rename_extension<char>)},
        {"PathRenameExtensionW", address_of(rename_extension<WCHAR>)},
        {"PathUnquoteSpacesA", address_of(remove_quotes<char>)},
        {"PathUnquoteSpacesW", address_of(remove_quotes<WCHAR>)},
    };
    return table;
}

}  // namespace instdrv::winapi::shlwapi
