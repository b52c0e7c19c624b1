// Names for temporary files, in C:\windows\temp.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/tempnam-wtempnam-tmpnam-wtmpnam
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <string>

#include <unistd.h>

#include <fmt/format.h>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/file_flags.hpp"
#include "winapi/crt/stream.hpp"
#include "winapi/crt/topics.hpp"
#include "winapi/file_object.hpp"
#include "winapi/heap.hpp"
#include "winapi/text_arguments.hpp"

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
Char* WINFN_C temporary_name(Char* to) {
    static thread_local Char own[64];
    if (to == nullptr) to = own;
    const auto name = in_face<Char>(free_name(folder() + "s"));
    *std::copy(name.begin(), name.end(), to) = 0;
    return to;
}

template <class Char>
int WINFN_C temporary_name_checked(Char* to, SIZE_T room) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    to[0] = 0;
    const auto name = in_face<Char>(free_name(folder() + "s"));
    if (name.size() >= room) return fail_with(ERANGE, ERANGE);
    *std::copy(name.begin(), name.end(), to) = 0;
    return 0;
}

// The folder that the environment names comes before the one that is asked for, and is always
// there.
template <class Char>
Char* WINFN_C temporary_name_with_prefix(const Char*, const Char* prefix) {
    const auto name = in_face<Char>(free_name(folder() + to_utf8_text(prefix)));
    auto* const copy = static_cast<Char*>(allocate((name.size() + 1) * sizeof(Char)));
    if (copy == nullptr) return fail_with<Char*>(ENOMEM, nullptr);
    *std::copy(name.begin(), name.end(), copy) = 0;
    return copy;
}

// Replaces the six X at the end of a template.
template <class Char>
int WINFN_C fill_template_checked(Char* pattern, SIZE_T room) {
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

template <class Char>
Char* WINFN_C fill_template(Char* pattern) {
    if (pattern == nullptr) return fail_with<Char*>(EINVAL, nullptr);
    const SIZE_T room = std::char_traits<Char>::length(pattern) + 1;
    return fill_template_checked(pattern, room) == 0 ? pattern : nullptr;
}

StreamFace* WINFN_C temporary_file() { return Stream::open(free_name(folder() + "t"), "w+bx"); }

int WINFN_C temporary_file_checked(StreamFace** file) {
    if (file == nullptr) return fail_with(EINVAL, EINVAL);
    *file = temporary_file();
    return *file == nullptr ? error_number() : 0;
}

}  // namespace

std::span<const Export> temporary_file_exports() {
    constexpr std::string_view stays = "the file is not removed when it is closed";
    static const Export table[] = {
        {"_mktemp", address_of(fill_template<char>)},
        {"_mktemp_s", address_of(fill_template_checked<char>)},
        {"_tempnam", address_of(temporary_name_with_prefix<char>)},
        {"_wmktemp", address_of(fill_template<WCHAR>)},
        {"_wmktemp_s", address_of(fill_template_checked<WCHAR>)},
        {"_wtempnam", address_of(temporary_name_with_prefix<WCHAR>)},
        {"_wtmpnam", address_of(temporary_name<WCHAR>)},
        {"_wtmpnam_s", address_of(temporary_name_checked<WCHAR>)},
        {"tmpfile", address_of(temporary_file), Coverage::partial, stays},
        {"tmpfile_s", address_of(temporary_file_checked), Coverage::partial, stays},
        {"tmpnam", address_of(temporary_name<char>)},
        {"tmpnam_s", address_of(temporary_name_checked<char>)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
