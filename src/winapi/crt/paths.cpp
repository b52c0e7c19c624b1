// File names and their parts. https://learn.microsoft.com/cpp/c-runtime-library/file-handling
#include <algorithm>
#include <cerrno>
#include <string>

#include "winapi/exports/export.hpp"
#include "winapi/files/paths.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

template <class Char>
using View = std::basic_string_view<Char>;

template <class Char>
struct Parts {
    View<Char> drive;   // "C:"
    View<Char> folder;  // with the last slash
    View<Char> name;
    View<Char> extension;  // with the dot
};

template <class Char>
Parts<Char> parts_of(View<Char> path) {
    Parts<Char> parts;
    if (path.size() >= 2 && path[1] == ':') {
        parts.drive = path.substr(0, 2);
        path.remove_prefix(2);
    }
    constexpr Char slashes[] = {'\\', '/', 0};
    const auto slash = structure_of(path).find_last_of(slashes);
    const auto name = slash == View<Char>::npos ? 0 : slash + 1;
    parts.folder = path.substr(0, name);
    path.remove_prefix(name);
    const auto dot = std::min(path.rfind(Char{'.'}), path.size());
    parts.name = path.substr(0, dot);
    parts.extension = path.substr(dot);
    return parts;
}

template <class Char>
void give(View<Char> part, Char* to) {
    if (to != nullptr) *std::copy(part.begin(), part.end(), to) = 0;
}

template <class Char>
void split(const Char* path, Char* drive, Char* folder, Char* name, Char* extension) {
    const auto parts = parts_of<Char>(path);
    give(parts.drive, drive);
    give(parts.folder, folder);
    give(parts.name, name);
    give(parts.extension, extension);
}
CRT_EXPORT_AS("_splitpath", in_crt, split<char>);
CRT_EXPORT_AS("_wsplitpath", in_crt, split<WCHAR>);

template <class Char>
bool give_bounded(View<Char> part, Char* to, SIZE_T room) {
    if (to == nullptr) return room == 0;
    if (part.size() >= room) return false;
    give(part, to);
    return true;
}

template <class Char>
int split_checked(const Char* path, Char* drive, SIZE_T drive_room, Char* folder,
                  SIZE_T folder_room, Char* name, SIZE_T name_room, Char* extension,
                  SIZE_T extension_room) {
    if (path == nullptr) return fail_with(EINVAL, EINVAL);
    const auto parts = parts_of<Char>(path);
    const bool fit = give_bounded(parts.drive, drive, drive_room) &&
                     give_bounded(parts.folder, folder, folder_room) &&
                     give_bounded(parts.name, name, name_room) &&
                     give_bounded(parts.extension, extension, extension_room);
    return fit ? 0 : fail_with(ERANGE, ERANGE);
}
CRT_EXPORT_AS("_splitpath_s", in_crt, split_checked<char>);
CRT_EXPORT_AS("_wsplitpath_s", in_crt, split_checked<WCHAR>);

template <class Char>
std::basic_string<Char> made(const Char* drive, const Char* folder, const Char* name,
                             const Char* extension) {
    std::basic_string<Char> path;
    if (drive != nullptr && *drive != 0) (path += *drive) += ':';
    if (folder != nullptr && *folder != 0) {
        path += folder;
        const Char last = structure_of(View<Char>(path)).back();
        if (last != '\\' && last != '/') path += '\\';
    }
    if (name != nullptr) path += name;
    if (extension != nullptr && *extension != 0) {
        if (*extension != '.') path += '.';
        path += extension;
    }
    return path;
}

template <class Char>
void make(Char* to, const Char* drive, const Char* folder, const Char* name,
          const Char* extension) {
    give<Char>(made(drive, folder, name, extension), to);
}
CRT_EXPORT_AS("_makepath", in_crt, make<char>);
CRT_EXPORT_AS("_wmakepath", in_crt, make<WCHAR>);

template <class Char>
int make_checked(Char* to, SIZE_T room, const Char* drive, const Char* folder, const Char* name,
                 const Char* extension) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    if (give_bounded<Char>(made(drive, folder, name, extension), to, room)) return 0;
    to[0] = 0;
    return fail_with(ERANGE, ERANGE);
}
CRT_EXPORT_AS("_makepath_s", in_crt, make_checked<char>);
CRT_EXPORT_AS("_wmakepath_s", in_crt, make_checked<WCHAR>);

// A null buffer asks for one of malloc's; `room` is at least the text and its NUL.
template <class Char>
Char* give_or_allocate(View<Char> text, Char* to, SIZE_T room) {
    if (to == nullptr) {
        room = std::max(room, text.size() + 1);
        to = static_cast<Char*>(allocate(room * sizeof(Char)));
        if (to == nullptr) return fail_with<Char*>(ENOMEM, nullptr);
    }
    if (text.size() >= room) return fail_with<Char*>(ERANGE, nullptr);
    give(text, to);
    return to;
}

template <class Char>
Char* full(Char* to, const Char* path, SIZE_T room) {
    const auto whole = full_path(path == nullptr || *path == 0 ? "." : to_utf8_text(path));
    if (!whole) return fail_with<Char*>(error_number_of(whole.error()), nullptr);
    return give_or_allocate<Char>(in_face<Char>(*whole), to, room);
}
CRT_EXPORT_AS("_fullpath", in_crt, full<char>);
CRT_EXPORT_AS("_wfullpath", in_crt, full<WCHAR>);

template <class Char>
Char* current_folder(Char* to, int room) {
    constexpr Char root[] = {'C', ':', '\\', 0};
    return give_or_allocate<Char>(root, to, static_cast<SIZE_T>(std::max(room, 0)));
}
CRT_EXPORT_AS("_getcwd", in_crt, current_folder<char>, Coverage::partial,
              "the current folder is always C:\\");
CRT_EXPORT_AS("_wgetcwd", in_crt, current_folder<WCHAR>, Coverage::partial,
              "the current folder is always C:\\");

template <class Char>
int change_folder(const Char* path) {
    const auto whole = path == nullptr ? WinResult<std::string>(tl::unexpected(ERROR_INVALID_NAME))
                                       : full_path(to_utf8_text(path));
    if (!whole) return fail_with(ENOENT, -1);
    return *whole == "C:\\" ? 0 : fail_with(EACCES, -1);
}
CRT_EXPORT_AS("_chdir", in_crt, change_folder<char>, Coverage::partial,
              "the current folder is always C:\\");
CRT_EXPORT_AS("_wchdir", in_crt, change_folder<WCHAR>, Coverage::partial,
              "the current folder is always C:\\");

int _getdrive() { return 3; }
CRT_EXPORT(_getdrive, in_crt);

int _chdrive(int drive) { return drive == 3 ? 0 : fail_with(EACCES, -1); }
CRT_EXPORT(_chdrive, in_crt, Coverage::partial, "there is only C:");

}  // namespace

}  // namespace instdrv::winapi::crt
