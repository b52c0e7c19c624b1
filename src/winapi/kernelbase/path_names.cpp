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
template <class Character>
String<Character> canonical(View<Character> path) {
    const std::size_t root = root_length(path);
    const String<Character> dot(1, Character{'.'});
    std::vector<View<Character>> parts;
    const bool ends_open = !path.empty() && path.back() == Character{'\\'};
    for (View<Character> rest = path.substr(root); !rest.empty();) {
        const auto end = std::min(rest.find(Character{'\\'}), rest.size());
        const View<Character> part = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (part == dot || part.empty()) continue;
        if (part == dot + dot) {
            if (!parts.empty()) parts.pop_back();
        } else {
            parts.push_back(part);
        }
    }
    String<Character> result(path.substr(0, root));
    if (result.size() == 2 && has_drive(View<Character>(result)) && parts.empty()) {
        result += Character{'\\'};
    }
    for (const View<Character> part : parts) {
        if (!result.empty() && result.back() != Character{'\\'}) result += Character{'\\'};
        result += part;
    }
    if (ends_open && !parts.empty()) result += Character{'\\'};
    return result.empty() ? String<Character>(1, Character{'\\'}) : result;
}

template <class Character>
bool store(const String<Character>& path, Character* buffer) {
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
    return store(canonical(View<Character>(path)), buffer)
               ? TRUE
               : fail(ERROR_FILENAME_EXCED_RANGE, FALSE);
}
WINAPI_EXPORT_AS("PathCanonicalizeA", in_kernelbase | in_shlwapi, PathCanonicalize<char>);
WINAPI_EXPORT_AS("PathCanonicalizeW", in_kernelbase | in_shlwapi, PathCanonicalize<WCHAR>);

template <class Character>
Character* PathCombine(Character* buffer, const Character* folder, const Character* file) {
    if (buffer == nullptr || (folder == nullptr && file == nullptr)) {
        if (buffer != nullptr) buffer[0] = Character{0};
        return nullptr;
    }
    const View<Character> base = folder == nullptr ? View<Character>{} : View<Character>(folder);
    const View<Character> name = file == nullptr ? View<Character>{} : View<Character>(file);
    String<Character> joined(base);
    if (!name.empty()) {
        const bool is_unc = name.size() >= 2 && begins_with_backslash(name.substr(1));
        if (base.empty() || has_drive(name) || (begins_with_backslash(name) && is_unc)) {
            joined = name;
        } else if (begins_with_backslash(name)) {
            joined = String<Character>(base.substr(0, root_length(base)));
            joined += name.substr(joined.ends_with(Character{'\\'}) ? 1 : 0);
        } else {
            if (!joined.ends_with(Character{'\\'})) joined += Character{'\\'};
            joined += name;
        }
    }
    return store(canonical(View<Character>(joined)), buffer) ? buffer : nullptr;
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
    const std::size_t length = View<Character>(path).size();
    if (length != 0 && path[length - 1] == Character{'\\'}) return path + length;
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
    Character* name = path;
    for (Character* at = path; *at != 0; ++at) {
        const bool separates =
            *at == Character{'\\'} || *at == Character{'/'} || *at == Character{':'};
        if (separates && at[1] != 0 && at[1] != Character{'\\'} && at[1] != Character{'/'}) {
            name = at + 1;
        }
    }
    return name;
}
WINAPI_EXPORT_AS("PathFindFileNameA", in_kernelbase | in_shlwapi, PathFindFileName<char>);
WINAPI_EXPORT_AS("PathFindFileNameW", in_kernelbase | in_shlwapi, PathFindFileName<WCHAR>);

// The dot of the extension, else the end of the text.
template <class Character>
Character* PathFindExtension(Character* path) {
    if (path == nullptr) return nullptr;
    const View<Character> text(path);
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
    const View<Character> text(path);
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
