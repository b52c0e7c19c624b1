// https://learn.microsoft.com/windows/win32/fileio/listing-the-files-in-a-directory
#include <algorithm>

#include "winapi/exports/export.hpp"
#include "winapi/files/file_object.hpp"
#include "winapi/kernel32/pseudo_handles.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/text/wildcard.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

template <class Character>
struct FindData {
    DWORD attributes;
    FileTime created;
    FileTime accessed;
    FileTime written;
    DWORD size_high;
    DWORD size_low;
    DWORD reserved[2];
    Character name[260];
    Character short_name[14];
};
static_assert(sizeof(FindData<char>) == 320 && sizeof(FindData<WCHAR>) == 592);

struct Match {
    std::string name;
    FileFacts facts;
};

class Search final : public KernelObject {
public:
    explicit Search(std::vector<Match> matches) : matches_(std::move(matches)) {}

    // Null: there is no more.
    const Match* next() {
        const std::lock_guard lock(mutex_);
        return next_ < matches_.size() ? &matches_[next_++] : nullptr;
    }

private:
    std::mutex mutex_;
    std::vector<Match> matches_;
    std::size_t next_ = 0;
};

struct Query {
    std::string folder;
    std::string pattern;
};

Query split(std::string path) {
    std::replace(path.begin(), path.end(), '/', '\\');
    const auto slash = path.rfind('\\');
    if (slash == std::string::npos) return {"C:\\", path};
    return {path.substr(0, slash + 1), path.substr(slash + 1)};
}

WinResult<std::vector<Match>> search(const Query& query) {
    if (query.pattern.empty()) return tl::unexpected(ERROR_FILE_NOT_FOUND);
    const auto full = full_path(query.folder);
    if (!full) return tl::unexpected(full.error());
    auto names = entries_of(*full);
    if (!names) return tl::unexpected(names.error());
    if (*full != "C:\\") names->insert(names->begin(), {".", ".."});
    std::vector<Match> matches;
    for (std::string& name : *names) {
        if (!matches_wildcard(name, query.pattern)) continue;
        auto facts = facts_at(*full + '\\' + name);
        if (facts) {
            matches.push_back({std::move(name), *facts});
        } else if (facts.error() != ERROR_FILE_NOT_FOUND && facts.error() != ERROR_INVALID_NAME) {
            return tl::unexpected(facts.error());
        }
    }
    return matches;
}

template <class Character>
void describe(const Match& match, FindData<Character>& data) {
    data = {};
    data.attributes = match.facts.attributes;
    data.created = match.facts.created;
    data.accessed = match.facts.accessed;
    data.written = match.facts.written;
    data.size_high = static_cast<DWORD>(match.facts.size >> 32);
    data.size_low = static_cast<DWORD>(match.facts.size);
    const auto name = in_face<Character>(match.name);
    std::copy_n(name.begin(), std::min(name.size(), std::size(data.name) - 1), data.name);
}

template <class Character>
HANDLE FindFirstFile(const Character* path, FindData<Character>* data) {
    auto matches = search(split(to_utf8_text(path)));
    if (!matches) return fail(matches.error(), invalid_handle);
    if (matches->empty()) return fail(ERROR_FILE_NOT_FOUND, invalid_handle);
    const auto found = std::make_shared<Search>(std::move(*matches));
    describe(*found->next(), *data);
    return new_handle(found);
}
WINAPI_EXPORT_AS("FindFirstFileA", in_kernel32, FindFirstFile<char>);
WINAPI_EXPORT_AS("FindFirstFileW", in_kernel32, FindFirstFile<WCHAR>);

template <class Character>
HANDLE FindFirstFileEx(const Character* path, int level, FindData<Character>* data, int, void*,
                       DWORD) {
    if (level > 1) return fail(ERROR_INVALID_PARAMETER, invalid_handle);
    return FindFirstFile(path, data);
}
WINAPI_EXPORT_AS("FindFirstFileExA", in_kernel32, FindFirstFileEx<char>, Coverage::partial,
                 "the search operations and flags are ignored");
WINAPI_EXPORT_AS("FindFirstFileExW", in_kernel32, FindFirstFileEx<WCHAR>, Coverage::partial,
                 "the search operations and flags are ignored");

template <class Character>
BOOL FindNextFile(HANDLE handle, FindData<Character>* data) {
    const auto found = find_object<Search>(handle);
    if (!found) return fail(ERROR_INVALID_HANDLE, FALSE);
    const Match* const match = found->next();
    if (match == nullptr) return fail(ERROR_NO_MORE_FILES, FALSE);
    describe(*match, *data);
    return TRUE;
}
WINAPI_EXPORT_AS("FindNextFileA", in_kernel32, FindNextFile<char>);
WINAPI_EXPORT_AS("FindNextFileW", in_kernel32, FindNextFile<WCHAR>);

BOOL FindClose(HANDLE handle) {
    if (!find_object<Search>(handle)) return fail(ERROR_INVALID_HANDLE, FALSE);
    kernel_objects().remove(reinterpret_cast<std::uintptr_t>(handle));
    return TRUE;
}
WINAPI_EXPORT(FindClose, in_kernel32);

}  // namespace

}  // namespace instdrv::winapi::kernel32
