// Paths as texts: nothing here asks a file system but PathFileExists and PathIsDirectory.
// https://learn.microsoft.com/windows/win32/shell/path-functions
#include <algorithm>
#include <string>
#include <vector>

#include "winapi/exports/export.hpp"
#include "winapi/files/file_object.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernelbase {
namespace {

constexpr std::size_t longest_path = 260;  // MAX_PATH, with the NUL

template <class Character>
using View = std::basic_string_view<Character>;
template <class Character>
using String = std::basic_string<Character>;

template <class Character>
bool has_drive(View<Character> path) {
    return path.size() >= 2 && path[1] == Character{':'};
}

template <class Character>
bool begins_with_backslash(View<Character> path) {
    return !path.empty() && path.front() == Character{'\\'};
}

// "C:\", "C:", "\" or "\\server\share"; the rest may be taken off by "..".
template <class Character>
std::size_t root_length(View<Character> path) {
    if (has_drive(path)) return path.size() > 2 && path[2] == Character{'\\'} ? 3 : 2;
    if (path.size() >= 2 && path[0] == Character{'\\'} && path[1] == Character{'\\'}) {
        const auto server_end = std::min(path.find(Character{'\\'}, 2), path.size());
        return std::min(path.find(Character{'\\'}, std::min(server_end + 1, path.size())),
                        path.size());
    }
    return begins_with_backslash(path) ? 1 : 0;
}

// Resolves "." and "..".
std::u16string canonical(std::u16string_view path) {
    const std::size_t root = root_length(path);
    std::vector<std::u16string_view> parts;
    const bool ends_open = path.ends_with(u'\\');
    for (std::u16string_view rest = path.substr(root); !rest.empty();) {
        const auto end = std::min(rest.find(u'\\'), rest.size());
        const std::u16string_view part = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (part == u"." || part.empty()) continue;
        if (part == u"..") {
            if (!parts.empty()) parts.pop_back();
        } else {
            parts.push_back(part);
        }
    }
    std::u16string result(path.substr(0, root));
    if (result.size() == 2 && has_drive(std::u16string_view(result)) && parts.empty()) {
        result += u'\\';
    }
    for (const std::u16string_view part : parts) {
        if (!result.empty() && result.back() != u'\\') result += u'\\';
        result += part;
    }
    if (ends_open && !parts.empty()) result += u'\\';
    return result.empty() ? u"\\" : result;
}

template <class Character>
bool store_canonical(std::u16string_view text, Character* buffer) {
    const auto path = in_face<Character>(std::u16string_view(canonical(text)));
    if (path.size() >= longest_path) {
        buffer[0] = Character{0};
        return false;
    }
    std::copy_n(path.c_str(), path.size() + 1, buffer);
    return true;
}

template <class Character>
BOOL PathIsRelative(const Character* path) {
    if (path == nullptr) return TRUE;
    const View<Character> text(path);
    return begins_with_backslash(text) || has_drive(text) ? FALSE : TRUE;
}
WINAPI_EXPORT_AS("PathIsRelativeA", in_kernelbase | in_shlwapi, PathIsRelative<char>);
WINAPI_EXPORT_AS("PathIsRelativeW", in_kernelbase | in_shlwapi, PathIsRelative<WCHAR>);

template <class Character>
BOOL PathIsUNC(const Character* path) {
    if (path == nullptr || path[0] != Character{'\\'} || path[1] != Character{'\\'}) return FALSE;
    if (path[2] != Character{'?'}) return TRUE;
    return to_utf8_text(path).starts_with("\\\\?\\UNC\\") ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("PathIsUNCA", in_kernelbase | in_shlwapi, PathIsUNC<char>);
WINAPI_EXPORT_AS("PathIsUNCW", in_kernelbase | in_shlwapi, PathIsUNC<WCHAR>);

template <class Character>
BOOL PathCanonicalize(Character* buffer, const Character* path) {
    if (buffer == nullptr || path == nullptr) return fail(ERROR_INVALID_PARAMETER, FALSE);
    return store_canonical(to_wide_text(path), buffer) ? TRUE
                                                       : fail(ERROR_FILENAME_EXCED_RANGE, FALSE);
}
WINAPI_EXPORT_AS("PathCanonicalizeA", in_kernelbase | in_shlwapi, PathCanonicalize<char>);
WINAPI_EXPORT_AS("PathCanonicalizeW", in_kernelbase | in_shlwapi, PathCanonicalize<WCHAR>);

std::u16string joined(std::u16string_view folder, std::u16string_view name) {
    std::u16string path(folder);
    if (name.empty()) return path;
    const bool is_unc = name.starts_with(u"\\\\");
    if (folder.empty() || has_drive(name) || is_unc) return std::u16string(name);
    if (begins_with_backslash(name)) {
        path.resize(root_length(folder));
        return path += name.substr(path.ends_with(u'\\') ? 1 : 0);
    }
    if (!path.ends_with(u'\\')) path += u'\\';
    return path += name;
}

template <class Character>
Character* PathCombine(Character* buffer, const Character* folder, const Character* file) {
    if (buffer == nullptr || (folder == nullptr && file == nullptr)) {
        if (buffer != nullptr) buffer[0] = Character{0};
        return nullptr;
    }
    return store_canonical(joined(to_wide_text(folder), to_wide_text(file)), buffer) ? buffer
                                                                                     : nullptr;
}
WINAPI_EXPORT_AS("PathCombineA", in_kernelbase | in_shlwapi, PathCombine<char>);
WINAPI_EXPORT_AS("PathCombineW", in_kernelbase | in_shlwapi, PathCombine<WCHAR>);

template <class Character>
BOOL PathAppend(Character* path, const Character* more) {
    while (more != nullptr && *more == Character{'\\'})
        ++more;
    const String<Character> folder(path);
    return PathCombine<Character>(path, folder.c_str(), more) != nullptr ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("PathAppendA", in_kernelbase | in_shlwapi, PathAppend<char>);
WINAPI_EXPORT_AS("PathAppendW", in_kernelbase | in_shlwapi, PathAppend<WCHAR>);

// The end of the text; null where there is no room.
template <class Character>
Character* PathAddBackslash(Character* path) {
    const String<Character> text = structure_of(View<Character>(path));
    const std::size_t length = text.size();
    if (text.ends_with(Character{'\\'})) return path + length;
    if (length + 1 >= longest_path) return nullptr;
    path[length] = Character{'\\'};
    path[length + 1] = Character{0};
    return path + length + 1;
}
WINAPI_EXPORT_AS("PathAddBackslashA", in_kernelbase | in_shlwapi, PathAddBackslash<char>);
WINAPI_EXPORT_AS("PathAddBackslashW", in_kernelbase | in_shlwapi, PathAddBackslash<WCHAR>);

// The last part, also of a path that ends with a backslash.
template <class Character>
Character* PathFindFileName(Character* path) {
    if (path == nullptr) return nullptr;
    const String<Character> text = structure_of(View<Character>(path));
    std::size_t name = 0;
    for (const Character* at = text.c_str(); *at != 0; ++at) {
        const bool separates =
            *at == Character{'\\'} || *at == Character{'/'} || *at == Character{':'};
        if (separates && at[1] != 0 && at[1] != Character{'\\'} && at[1] != Character{'/'}) {
            name = static_cast<std::size_t>(at + 1 - text.c_str());
        }
    }
    return path + name;
}
WINAPI_EXPORT_AS("PathFindFileNameA", in_kernelbase | in_shlwapi, PathFindFileName<char>);
WINAPI_EXPORT_AS("PathFindFileNameW", in_kernelbase | in_shlwapi, PathFindFileName<WCHAR>);

// The dot of the extension, else the end of the text.
template <class Character>
Character* PathFindExtension(Character* path) {
    if (path == nullptr) return nullptr;
    const String<Character> text = structure_of(View<Character>(path));
    const auto dot = text.rfind(Character{'.'});
    const bool found = dot != text.npos && text.find(Character{'\\'}, dot) == text.npos &&
                       text.find(Character{' '}, dot) == text.npos;
    return path + (found ? dot : text.size());
}
WINAPI_EXPORT_AS("PathFindExtensionA", in_kernelbase | in_shlwapi, PathFindExtension<char>);
WINAPI_EXPORT_AS("PathFindExtensionW", in_kernelbase | in_shlwapi, PathFindExtension<WCHAR>);

template <class Character>
void PathRemoveExtension(Character* path) {
    *PathFindExtension(path) = Character{0};
}
WINAPI_EXPORT_AS("PathRemoveExtensionA", in_kernelbase | in_shlwapi, PathRemoveExtension<char>);
WINAPI_EXPORT_AS("PathRemoveExtensionW", in_kernelbase | in_shlwapi, PathRemoveExtension<WCHAR>);

template <class Character>
BOOL PathRemoveFileSpec(Character* path) {
    if (path == nullptr) return FALSE;
    const String<Character> structure = structure_of(View<Character>(path));
    const View<Character> text = structure;
    const std::size_t root =
        has_drive(text) || text.rfind(Character{'\\'}) == 0 ? root_length(text) : std::size_t{0};
    const auto slash = text.rfind(Character{'\\'});
    const std::size_t end = slash == text.npos ? root : std::max(root, slash);
    if (end >= text.size()) return FALSE;
    path[end] = Character{0};
    return TRUE;
}
WINAPI_EXPORT_AS("PathRemoveFileSpecA", in_kernelbase | in_shlwapi, PathRemoveFileSpec<char>);
WINAPI_EXPORT_AS("PathRemoveFileSpecW", in_kernelbase | in_shlwapi, PathRemoveFileSpec<WCHAR>);

template <class Character>
void PathStripPath(Character* path) {
    const String<Character> name(PathFindFileName(path));
    std::copy_n(name.c_str(), name.size() + 1, path);
}
WINAPI_EXPORT_AS("PathStripPathA", in_kernelbase | in_shlwapi, PathStripPath<char>);
WINAPI_EXPORT_AS("PathStripPathW", in_kernelbase | in_shlwapi, PathStripPath<WCHAR>);

template <class Character>
BOOL PathFileExists(const Character* path) {
    const auto facts = facts_at(to_utf8_text(path));
    return facts ? TRUE : fail(facts.error(), FALSE);
}
WINAPI_EXPORT_AS("PathFileExistsA", in_kernelbase | in_shlwapi, PathFileExists<char>);
WINAPI_EXPORT_AS("PathFileExistsW", in_kernelbase | in_shlwapi, PathFileExists<WCHAR>);

template <class Character>
BOOL PathIsDirectory(const Character* path) {
    const auto facts = facts_at(to_utf8_text(path));
    return facts && (facts->attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("PathIsDirectoryA", in_kernelbase | in_shlwapi, PathIsDirectory<char>);
WINAPI_EXPORT_AS("PathIsDirectoryW", in_kernelbase | in_shlwapi, PathIsDirectory<WCHAR>);

}  // namespace

}  // namespace instdrv::winapi::kernelbase
