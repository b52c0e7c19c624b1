// Names for temporary files, in C:\windows\temp.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/tempnam-wtempnam-tmpnam-wtmpnam
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <string>

#include <unistd.h>

#include <fmt/format.h>

#include "winapi/crt/file_flags.hpp"
#include "winapi/crt/stream.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/files/file_object.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

// A name that no file has yet, with `start` in front.
std::string free_name(const std::string& start) {
    static std::atomic<unsigned> last = 0;
    for (;;) {
        std::string name = fmt::format("{}{:x}.{:x}", start, ::getpid(), ++last);
        if (!facts_at(name)) return name;
    }
}

const std::string& folder() {
    static const std::string path = "C:\\windows\\temp\\";
    return path;
}

template <class Char>
Char* temporary_name(Char* to) {
    static thread_local Char own[64];
    if (to == nullptr) to = own;
    const auto name = in_face<Char>(free_name(folder() + "s"));
    *std::copy(name.begin(), name.end(), to) = 0;
    return to;
}
CRT_EXPORT_AS("_wtmpnam", in_crt, temporary_name<WCHAR>);
CRT_EXPORT_AS("tmpnam", in_crt, temporary_name<char>);

template <class Char>
int temporary_name_checked(Char* to, SIZE_T room) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    to[0] = 0;
    const auto name = in_face<Char>(free_name(folder() + "s"));
    if (name.size() >= room) return fail_with(ERANGE, ERANGE);
    *std::copy(name.begin(), name.end(), to) = 0;
    return 0;
}
CRT_EXPORT_AS("_wtmpnam_s", in_crt, temporary_name_checked<WCHAR>);
CRT_EXPORT_AS("tmpnam_s", in_crt, temporary_name_checked<char>);

// The folder that the environment names comes before the one that is asked for, and is always
// there.
template <class Char>
Char* temporary_name_with_prefix(const Char*, const Char* prefix) {
    const auto name = in_face<Char>(free_name(folder() + to_utf8_text(prefix)));
    auto* const copy = static_cast<Char*>(allocate((name.size() + 1) * sizeof(Char)));
    if (copy == nullptr) return fail_with<Char*>(ENOMEM, nullptr);
    *std::copy(name.begin(), name.end(), copy) = 0;
    return copy;
}
CRT_EXPORT_AS("_tempnam", in_crt, temporary_name_with_prefix<char>);
CRT_EXPORT_AS("_wtempnam", in_crt, temporary_name_with_prefix<WCHAR>);

// Replaces the six X at the end of a template.
template <class Char>
int fill_template_checked(Char* pattern, SIZE_T room) {
    constexpr Char blank[] = {'X', 'X', 'X', 'X', 'X', 'X', 0};
    std::basic_string<Char> text(pattern, std::find(pattern, pattern + room, Char{0}));
    if (text.size() == room || !text.ends_with(blank)) return fail_with(EINVAL, EINVAL);
    text.resize(text.size() - 6);
    for (char letter = 'a'; letter <= 'z'; ++letter) {
        const std::string end = fmt::format("{}{:05}", letter, ::getpid() % 100000);
        if (facts_at(to_utf8_text(text.c_str()) + end)) continue;
        std::copy(end.begin(), end.end(), pattern + text.size());
        return 0;
    }
    return fail_with(EEXIST, EEXIST);
}
CRT_EXPORT_AS("_mktemp_s", in_crt, fill_template_checked<char>);
CRT_EXPORT_AS("_wmktemp_s", in_crt, fill_template_checked<WCHAR>);

template <class Char>
Char* fill_template(Char* pattern) {
    if (pattern == nullptr) return fail_with<Char*>(EINVAL, nullptr);
    const SIZE_T room = std::char_traits<Char>::length(pattern) + 1;
    return fill_template_checked(pattern, room) == 0 ? pattern : nullptr;
}
CRT_EXPORT_AS("_mktemp", in_crt, fill_template<char>);
CRT_EXPORT_AS("_wmktemp", in_crt, fill_template<WCHAR>);

StreamFace* temporary_file() { return Stream::open(free_name(folder() + "t"), "w+bx"); }
CRT_EXPORT_AS("tmpfile", in_crt, temporary_file, Coverage::partial,
              "the file is not removed when it is closed");

int tmpfile_s(StreamFace** file) {
    if (file == nullptr) return fail_with(EINVAL, EINVAL);
    *file = temporary_file();
    return *file == nullptr ? error_number() : 0;
}
CRT_EXPORT(tmpfile_s, in_crt, Coverage::partial, "the file is not removed when it is closed");

}  // namespace

}  // namespace instdrv::winapi::crt
