// Opening, making, deleting and listing registry keys.
// https://learn.microsoft.com/windows/win32/sysinfo/registry-functions
#include <algorithm>
#include <string>

#include "winapi/advapi32/key_handles.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/files/file_time.hpp"
#include "winapi/registry/text.hpp"
#include "winapi/text/text_arguments.hpp"

namespace instdrv::winapi::advapi32 {
namespace {

using namespace registry;

constexpr DWORD REG_CREATED_NEW_KEY = 1;
constexpr DWORD REG_OPENED_EXISTING_KEY = 2;

// A duplicate of the handle itself where no sub-key is named.
LONG open_below(HANDLE parent, std::u16string_view path, HANDLE* opened) {
    if (opened == nullptr) return ERROR_INVALID_PARAMETER;
    *opened = nullptr;
    const auto key = key_of(parent);
    if (key == nullptr) return ERROR_INVALID_HANDLE;
    const auto wanted = std::make_shared<KeyObject>(below(*key, path));
    const LONG found = read_key(*wanted, [](const Key&) { return LONG{ERROR_SUCCESS}; });
    if (found != ERROR_SUCCESS) return ERROR_FILE_NOT_FOUND;
    *opened = new_handle(wanted);
    return ERROR_SUCCESS;
}

LONG create_below(HANDLE parent, std::u16string_view path, HANDLE* opened, DWORD* disposition) {
    if (opened == nullptr) return ERROR_INVALID_PARAMETER;
    *opened = nullptr;
    const auto key = key_of(parent);
    if (key == nullptr) return ERROR_INVALID_HANDLE;
    const auto wanted = std::make_shared<KeyObject>(below(*key, path));
    const auto valid = [](const auto& name) { return is_valid_name(name, longest_key_name); };
    if (wanted->path.size() > deepest_key ||
        !std::all_of(wanted->path.begin(), wanted->path.end(), valid)) {
        return ERROR_INVALID_PARAMETER;
    }
    bool existed = false;
    const auto look = [&](const Key& root) {
        existed = find_key(root, wanted->path) != nullptr;
        return LONG{ERROR_SUCCESS};
    };
    LONG error = wanted->store->read(look);
    if (error == ERROR_SUCCESS && !existed) {
        error = wanted->store->change([&](const Key& root, std::string& changes) {
            if (look(root); !existed) changes = new_key_text(wanted->path);
            return LONG{ERROR_SUCCESS};
        });
    }
    if (error != ERROR_SUCCESS) return error;
    if (disposition != nullptr) {
        *disposition = existed ? REG_OPENED_EXISTING_KEY : REG_CREATED_NEW_KEY;
    }
    *opened = new_handle(wanted);
    return ERROR_SUCCESS;
}

template <class Char>
LONG open_key(HANDLE parent, const Char* path, HANDLE* opened) {
    return open_below(parent, to_wide_text(path), opened);
}
WINAPI_EXPORT_AS("RegOpenKeyA", in_advapi32, open_key<char>);
WINAPI_EXPORT_AS("RegOpenKeyW", in_advapi32, open_key<WCHAR>);

template <class Char>
LONG open_key_ex(HANDLE parent, const Char* path, DWORD, DWORD, HANDLE* opened) {
    return open_below(parent, to_wide_text(path), opened);
}
WINAPI_EXPORT_AS("RegOpenKeyExA", in_advapi32, open_key_ex<char>, Coverage::partial,
                 "class names and access rights are ignored");
WINAPI_EXPORT_AS("RegOpenKeyExW", in_advapi32, open_key_ex<WCHAR>, Coverage::partial,
                 "class names and access rights are ignored");

template <class Char>
LONG create_key(HANDLE parent, const Char* path, HANDLE* opened) {
    return create_below(parent, to_wide_text(path), opened, nullptr);
}
WINAPI_EXPORT_AS("RegCreateKeyA", in_advapi32, create_key<char>);
WINAPI_EXPORT_AS("RegCreateKeyW", in_advapi32, create_key<WCHAR>);

template <class Char>
LONG create_key_ex(HANDLE parent, const Char* path, DWORD, const Char*, DWORD, DWORD, void*,
                   HANDLE* opened, DWORD* disposition) {
    return create_below(parent, to_wide_text(path), opened, disposition);
}
WINAPI_EXPORT_AS("RegCreateKeyExA", in_advapi32, create_key_ex<char>, Coverage::partial,
                 "class names and access rights are ignored");
WINAPI_EXPORT_AS("RegCreateKeyExW", in_advapi32, create_key_ex<WCHAR>, Coverage::partial,
                 "class names and access rights are ignored");

LONG RegCloseKey(HANDLE handle) {
    const auto key = key_of(handle);
    if (key == nullptr) return ERROR_INVALID_HANDLE;
    kernel_objects().remove(reinterpret_cast<std::uintptr_t>(handle));
    return ERROR_SUCCESS;
}
WINAPI_EXPORT(RegCloseKey, in_advapi32);

LONG RegFlushKey(HANDLE handle) {
    const auto key = key_of(handle);
    if (key == nullptr) return ERROR_INVALID_HANDLE;
    return key->store->flush();
}
WINAPI_EXPORT(RegFlushKey, in_advapi32);

// Windows refuses to delete a key that has sub-keys, unless the whole tree is meant.
LONG erase(const KeyObject& doomed, bool whole_tree) {
    if (is_hive(doomed)) return ERROR_ACCESS_DENIED;
    KeyObject parent(doomed.store, {doomed.path.begin(), doomed.path.end() - 1});
    const LONG erased = change_key(parent, [&](const Key& key, std::string& changes) -> LONG {
        const auto found = key.keys.find(doomed.path.back());
        if (found == key.keys.end()) return ERROR_FILE_NOT_FOUND;
        if (!whole_tree && !found->second.keys.empty()) return ERROR_ACCESS_DENIED;
        changes = removed_key_text(doomed.path);
        return ERROR_SUCCESS;
    });
    return erased == ERROR_KEY_DELETED ? LONG{ERROR_FILE_NOT_FOUND} : erased;
}

template <class Char>
LONG delete_key(HANDLE parent, const Char* path) {
    const auto key = key_of(parent);
    if (key == nullptr) return ERROR_INVALID_HANDLE;
    if (path == nullptr) return ERROR_INVALID_PARAMETER;
    return erase(below(*key, to_wide_text(path)), false);
}
WINAPI_EXPORT_AS("RegDeleteKeyA", in_advapi32, delete_key<char>);
WINAPI_EXPORT_AS("RegDeleteKeyW", in_advapi32, delete_key<WCHAR>);

template <class Char>
LONG delete_key_ex(HANDLE parent, const Char* path, DWORD, DWORD) {
    return delete_key(parent, path);
}
WINAPI_EXPORT_AS("RegDeleteKeyExA", in_advapi32, delete_key_ex<char>);
WINAPI_EXPORT_AS("RegDeleteKeyExW", in_advapi32, delete_key_ex<WCHAR>);

// Without a path, what is in the key goes and the key stays.
template <class Char>
LONG delete_tree(HANDLE parent, const Char* path) {
    const auto key = key_of(parent);
    if (key == nullptr) return ERROR_INVALID_HANDLE;
    if (path != nullptr && *path != 0) return erase(below(*key, to_wide_text(path)), true);
    return change_key(*key, [&](const Key&, std::string& changes) {
        changes = removed_key_text(key->path) + new_key_text(key->path);
        return LONG{ERROR_SUCCESS};
    });
}
WINAPI_EXPORT_AS("RegDeleteTreeA", in_advapi32, delete_tree<char>);
WINAPI_EXPORT_AS("RegDeleteTreeW", in_advapi32, delete_tree<WCHAR>);

// `size` counts characters: in with the NUL, out without.
template <class Char>
LONG give_name(std::u16string_view name, Char* buffer, DWORD* size) {
    const auto text = in_face<Char>(name);
    if (text.size() >= *size) return ERROR_MORE_DATA;
    *std::copy(text.begin(), text.end(), buffer) = 0;
    *size = static_cast<DWORD>(text.size());
    return ERROR_SUCCESS;
}

FileTime now() {
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    return file_time_of(ticks_of(time));
}

template <class Char>
LONG enum_key_ex(HANDLE handle, DWORD index, Char* name, DWORD* size, DWORD*, Char* class_name,
                 DWORD* class_size, FileTime* written) {
    const auto object = key_of(handle);
    if (object == nullptr) return ERROR_INVALID_HANDLE;
    if (name == nullptr || size == nullptr) return ERROR_INVALID_PARAMETER;
    if (class_name != nullptr && class_size != nullptr && *class_size > 0) class_name[0] = 0;
    if (class_size != nullptr) *class_size = 0;
    if (written != nullptr) *written = now();
    return read_key(*object, [&](const Key& key) -> LONG {
        if (index >= key.keys.size()) return ERROR_NO_MORE_ITEMS;
        return give_name(std::next(key.keys.begin(), index)->first, name, size);
    });
}
WINAPI_EXPORT_AS("RegEnumKeyExA", in_advapi32, enum_key_ex<char>, Coverage::partial,
                 "the time of the last write is always now");
WINAPI_EXPORT_AS("RegEnumKeyExW", in_advapi32, enum_key_ex<WCHAR>, Coverage::partial,
                 "the time of the last write is always now");

template <class Char>
LONG enum_key(HANDLE handle, DWORD index, Char* name, DWORD size) {
    return enum_key_ex<Char>(handle, index, name, &size, nullptr, nullptr, nullptr, nullptr);
}
WINAPI_EXPORT_AS("RegEnumKeyA", in_advapi32, enum_key<char>);
WINAPI_EXPORT_AS("RegEnumKeyW", in_advapi32, enum_key<WCHAR>);

template <class Map>
DWORD longest_name(const Map& map) {
    std::size_t longest = 0;
    for (const auto& [name, value] : map)
        longest = std::max(longest, name.size());
    return static_cast<DWORD>(longest);
}

void give(DWORD* target, std::size_t value) {
    if (target != nullptr) *target = static_cast<DWORD>(value);
}

template <class Char>
LONG query_info(HANDLE handle, Char* class_name, DWORD* class_size, DWORD*, DWORD* key_count,
                DWORD* longest_key, DWORD* longest_class, DWORD* value_count, DWORD* longest_value,
                DWORD* largest_data, DWORD* security_size, FileTime* written) {
    const auto object = key_of(handle);
    if (object == nullptr) return ERROR_INVALID_HANDLE;
    if (class_name != nullptr && class_size != nullptr && *class_size > 0) class_name[0] = 0;
    give(class_size, 0);
    give(longest_class, 0);
    give(security_size, 0);
    if (written != nullptr) *written = now();
    return read_key(*object, [&](const Key& key) {
        give(key_count, key.keys.size());
        give(longest_key, longest_name(key.keys));
        give(value_count, key.values.size());
        give(longest_value, longest_name(key.values));
        std::size_t largest = 0;
        for (const auto& [name, value] : key.values)
            largest = std::max(largest, value.data.size());
        give(largest_data, largest);
        return LONG{ERROR_SUCCESS};
    });
}
WINAPI_EXPORT_AS("RegQueryInfoKeyA", in_advapi32, query_info<char>, Coverage::partial,
                 "the time of the last write is always now");
WINAPI_EXPORT_AS("RegQueryInfoKeyW", in_advapi32, query_info<WCHAR>, Coverage::partial,
                 "the time of the last write is always now");

LONG RegNotifyChangeKeyValue(HANDLE, BOOL, DWORD, HANDLE, BOOL) {
    return ERROR_CALL_NOT_IMPLEMENTED;
}
WINAPI_EXPORT(RegNotifyChangeKeyValue, in_advapi32, Coverage::stub, "ERROR_CALL_NOT_IMPLEMENTED");

// Only this machine's registry can be connected to.
template <class Char>
LONG connect(const Char* machine, HANDLE hive, HANDLE* opened) {
    constexpr LONG ERROR_BAD_NETPATH = 53;
    if (machine != nullptr && *machine != 0) return ERROR_BAD_NETPATH;
    return open_below(hive, u"", opened);
}
WINAPI_EXPORT_AS("RegConnectRegistryA", in_advapi32, connect<char>, Coverage::partial,
                 "this machine only");
WINAPI_EXPORT_AS("RegConnectRegistryW", in_advapi32, connect<WCHAR>, Coverage::partial,
                 "this machine only");

}  // namespace

}  // namespace instdrv::winapi::advapi32
