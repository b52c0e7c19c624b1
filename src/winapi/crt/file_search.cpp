// _findfirst and its relatives.
// https://learn.microsoft.com/cpp/c-runtime-library/filename-search-functions
#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "winapi/exports/export.hpp"
#include "winapi/files/file_object.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/text/wildcard.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

using Native = std::conditional_t<sizeof(void*) == 8, LONGLONG, LONG>;  // msvcrt's time_t

// Windows aligns numbers of 64 bits to 8 bytes on i386, too.
template <class Char, class Time, class Size>
struct Found {
    unsigned attributes;
    alignas(sizeof(Time)) Time created;
    alignas(sizeof(Time)) Time accessed;
    Time written;
    alignas(sizeof(Size)) Size size;
    Char name[260];
};

static_assert(sizeof(Found<char, LONG, DWORD>) == 280);
static_assert(sizeof(Found<char, LONGLONG, LONGLONG>) == 304);

struct Match {
    std::string name;
    FileFacts facts;
};

struct Search final : KernelObject {
    std::vector<Match> matches;
    std::size_t next = 0;  // a search belongs to one thread
};

WinResult<std::vector<Match>> matches_of(std::string path) {
    std::replace(path.begin(), path.end(), '/', '\\');
    const auto slash = path.rfind('\\');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const std::string pattern = path.substr(slash + 1);
    const auto names = entries_of(folder);
    if (!names) return tl::unexpected(names.error());
    std::vector<Match> matches;
    for (const std::string& name : *names) {
        if (!matches_wildcard(name, pattern)) continue;
        std::string file = folder;
        file.append("\\").append(name);
        if (const auto facts = facts_at(file)) matches.push_back({name, *facts});
    }
    return matches;
}

template <class Char, class Time, class Size>
bool give_next(Search& search, Found<Char, Time, Size>& found) {
    if (search.next >= search.matches.size()) return false;
    const Match& match = search.matches[search.next++];
    const auto seconds = [](const FileTime& time) {
        return static_cast<Time>(unix_time_of(ticks_of(time)).tv_sec);
    };
    found = {};
    found.attributes = match.facts.attributes == FILE_ATTRIBUTE_NORMAL ? 0 : match.facts.attributes;
    found.created = seconds(match.facts.created);
    found.accessed = seconds(match.facts.accessed);
    found.written = seconds(match.facts.written);
    found.size = static_cast<Size>(match.facts.size);
    const auto name = in_face<Char>(match.name);
    std::copy_n(name.begin(), std::min(name.size(), std::size(found.name) - 1), found.name);
    return true;
}

template <class Char, class Time, class Size>
std::intptr_t find_first(const Char* pattern, Found<Char, Time, Size>* found) {
    constexpr std::intptr_t none = -1;
    if (pattern == nullptr || found == nullptr) return fail_with(EINVAL, none);
    auto matches = matches_of(to_utf8_text(pattern));
    if (!matches) return fail_with(error_number_of(matches.error()), none);
    const auto search = std::make_shared<Search>();
    search->matches = std::move(*matches);
    if (!give_next(*search, *found)) return fail_with(ENOENT, none);
    return reinterpret_cast<std::intptr_t>(new_handle(search));
}
CRT_EXPORT_AS("_findfirst", in_crt, (find_first<char, Native, DWORD>));
CRT_EXPORT_AS("_findfirsti64", in_crt, (find_first<char, Native, LONGLONG>));
CRT_EXPORT_AS("_findfirst32", in_crt, (find_first<char, LONG, DWORD>));
CRT_EXPORT_AS("_findfirst64", in_crt, (find_first<char, LONGLONG, LONGLONG>));
CRT_EXPORT_AS("_findfirst64i32", in_crt, (find_first<char, LONGLONG, DWORD>));
CRT_EXPORT_AS("_wfindfirst", in_crt, (find_first<WCHAR, Native, DWORD>));
CRT_EXPORT_AS("_wfindfirsti64", in_crt, (find_first<WCHAR, Native, LONGLONG>));
CRT_EXPORT_AS("_wfindfirst32", in_crt, (find_first<WCHAR, LONG, DWORD>));
CRT_EXPORT_AS("_wfindfirst64", in_crt, (find_first<WCHAR, LONGLONG, LONGLONG>));
CRT_EXPORT_AS("_wfindfirst64i32", in_crt, (find_first<WCHAR, LONGLONG, DWORD>));

template <class Char, class Time, class Size>
int find_next(std::intptr_t handle, Found<Char, Time, Size>* found) {
    const auto search = find_object<Search>(reinterpret_cast<HANDLE>(handle));
    if (search == nullptr || found == nullptr) return fail_with(EINVAL, -1);
    return give_next(*search, *found) ? 0 : fail_with(ENOENT, -1);
}
CRT_EXPORT_AS("_findnext", in_crt, (find_next<char, Native, DWORD>));
CRT_EXPORT_AS("_findnexti64", in_crt, (find_next<char, Native, LONGLONG>));
CRT_EXPORT_AS("_findnext32", in_crt, (find_next<char, LONG, DWORD>));
CRT_EXPORT_AS("_findnext64", in_crt, (find_next<char, LONGLONG, LONGLONG>));
CRT_EXPORT_AS("_findnext64i32", in_crt, (find_next<char, LONGLONG, DWORD>));
CRT_EXPORT_AS("_wfindnext", in_crt, (find_next<WCHAR, Native, DWORD>));
CRT_EXPORT_AS("_wfindnexti64", in_crt, (find_next<WCHAR, Native, LONGLONG>));
CRT_EXPORT_AS("_wfindnext32", in_crt, (find_next<WCHAR, LONG, DWORD>));
CRT_EXPORT_AS("_wfindnext64", in_crt, (find_next<WCHAR, LONGLONG, LONGLONG>));
CRT_EXPORT_AS("_wfindnext64i32", in_crt, (find_next<WCHAR, LONGLONG, DWORD>));

int _findclose(std::intptr_t handle) {
    const auto search = find_object<Search>(reinterpret_cast<HANDLE>(handle));
    if (search == nullptr) return fail_with(EINVAL, -1);
    kernel_objects().remove(static_cast<std::uintptr_t>(handle));
    return 0;
}
CRT_EXPORT(_findclose, in_crt);

}  // namespace

}  // namespace instdrv::winapi::crt
