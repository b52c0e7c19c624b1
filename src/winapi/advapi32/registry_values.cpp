// Registry values. Texts are kept as UTF-16; the functions that end in A convert names and texts.
// https://learn.microsoft.com/windows/win32/sysinfo/registry-value-types
#include <algorithm>
#include <cstring>
#include <string>

#include "winapi/advapi32/key_handles.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/process/environment_variables.hpp"
#include "winapi/registry/text.hpp"
#include "winapi/text/text_arguments.hpp"

namespace instdrv::winapi::advapi32 {
namespace {

using namespace registry;
using Bytes = std::vector<std::uint8_t>;

// The data as a caller of this face sees it.
template <class Char>
Bytes data_in_face(const Value& value) {
    if (sizeof(Char) == sizeof(WCHAR) || !is_text_type(value.type)) return value.data;
    std::u16string text(value.data.size() / sizeof(WCHAR), u'\0');
    std::memcpy(text.data(), value.data.data(), text.size() * sizeof(WCHAR));
    const std::string narrow = to_ansi(text);
    return {narrow.begin(), narrow.end()};
}

template <class Char>
Bytes data_from_face(DWORD type, const void* data, DWORD size) {
    const auto* const bytes = static_cast<const std::uint8_t*>(data);
    if (sizeof(Char) == sizeof(WCHAR) || !is_text_type(type)) return {bytes, bytes + size};
    const std::u16string wide = decode_ansi({static_cast<const char*>(data), size});
    Bytes result(wide.size() * sizeof(WCHAR));
    std::memcpy(result.data(), wide.data(), result.size());
    return result;
}

// `size` counts bytes: the room in, what there is out. A null buffer asks for the size alone.
LONG give_data(const Bytes& bytes, void* buffer, DWORD* size) {
    if (size == nullptr && buffer != nullptr) return ERROR_INVALID_PARAMETER;
    if (size == nullptr) return ERROR_SUCCESS;
    const DWORD room = *size;
    *size = static_cast<DWORD>(bytes.size());
    if (buffer == nullptr) return ERROR_SUCCESS;
    if (room < bytes.size()) return ERROR_MORE_DATA;
    std::memcpy(buffer, bytes.data(), bytes.size());
    return ERROR_SUCCESS;
}

template <class Action>
LONG with_value(const KeyObject& object, std::u16string_view name, Action action) {
    return read_key(object, [&](const Key& key) -> LONG {
        const auto found = key.values.find(name);
        return found == key.values.end() ? LONG{ERROR_FILE_NOT_FOUND} : action(found->second);
    });
}

template <class Char>
LONG query_value_ex(HANDLE handle, const Char* name, DWORD*, DWORD* type, void* buffer,
                    DWORD* size) {
    const auto object = key_of(handle);
    if (object == nullptr) return ERROR_INVALID_HANDLE;
    return with_value(*object, to_wide_text(name), [&](const Value& value) {
        if (type != nullptr) *type = value.type;
        return give_data(data_in_face<Char>(value), buffer, size);
    });
}
WINAPI_EXPORT_AS("RegQueryValueExA", in_advapi32, query_value_ex<char>);
WINAPI_EXPORT_AS("RegQueryValueExW", in_advapi32, query_value_ex<WCHAR>);

// Windows 3.1's form: the text of a sub-key's default value, "" if there is none.
template <class Char>
LONG query_value(HANDLE handle, const Char* path, void* buffer, LONG* size) {
    const auto object = key_of(handle);
    if (object == nullptr) return ERROR_INVALID_HANDLE;
    return read_key(below(*object, to_wide_text(path)), [&](const Key& key) -> LONG {
        const auto found = key.values.find(u"");
        const Value nothing{REG_SZ, text_data(u"")};
        const Value& value = found == key.values.end() ? nothing : found->second;
        auto room = size == nullptr ? DWORD{0} : static_cast<DWORD>(*size);
        const LONG given = give_data(data_in_face<Char>(value), buffer, &room);
        if (size != nullptr) *size = static_cast<LONG>(room);
        return given;
    });
}
WINAPI_EXPORT_AS("RegQueryValueA", in_advapi32, query_value<char>);
WINAPI_EXPORT_AS("RegQueryValueW", in_advapi32, query_value<WCHAR>);

constexpr DWORD RRF_RT_ANY = 0xFFFF;
constexpr DWORD RRF_NOEXPAND = 0x10000000;
constexpr DWORD RRF_ZEROONFAILURE = 0x20000000;
constexpr LONG ERROR_UNSUPPORTED_TYPE = 1630;

bool is_wanted(DWORD type, DWORD flags) {
    constexpr DWORD masks[] = {0x01, 0x02, 0x04, 0x08, 0x10};  // NONE, SZ, EXPAND_SZ, BINARY, DWORD
    if ((flags & RRF_RT_ANY) == RRF_RT_ANY) return true;
    if (type < std::size(masks)) return (flags & masks[type]) != 0;
    if (type == REG_MULTI_SZ) return (flags & 0x20) != 0;
    return type == REG_QWORD && (flags & 0x40) != 0;
}

Value with_terminator(Value value) {
    if (is_text_type(value.type)) {
        const std::u16string text = text_of(value);
        value.data =
            text_data(value.type == REG_MULTI_SZ && !text.ends_with(u'\0') ? text + u'\0' : text);
    }
    return value;
}

template <class Char>
LONG get_value(HANDLE handle, const Char* path, const Char* name, DWORD flags, DWORD* type,
               void* buffer, DWORD* size) {
    const auto object = key_of(handle);
    if (object == nullptr) return ERROR_INVALID_HANDLE;
    const DWORD room = size == nullptr ? 0 : *size;
    const KeyObject key = below(*object, to_wide_text(path));
    const LONG result = with_value(key, to_wide_text(name), [&](const Value& stored) -> LONG {
        Value value = with_terminator(stored);
        if (value.type == REG_EXPAND_SZ && (flags & RRF_NOEXPAND) == 0) {
            value = {REG_SZ, text_data(expand_environment(text_of(value)))};
        }
        if (!is_wanted(value.type, flags) && !is_wanted(stored.type, flags)) {
            return ERROR_UNSUPPORTED_TYPE;
        }
        if (type != nullptr) *type = value.type;
        return give_data(data_in_face<Char>(value), buffer, size);
    });
    const bool zero = result != ERROR_SUCCESS && (flags & RRF_ZEROONFAILURE) != 0;
    if (zero && buffer != nullptr) std::memset(buffer, 0, room);
    return result == ERROR_KEY_DELETED ? LONG{ERROR_FILE_NOT_FOUND} : result;
}
WINAPI_EXPORT_AS("RegGetValueA", in_advapi32, get_value<char>);
WINAPI_EXPORT_AS("RegGetValueW", in_advapi32, get_value<WCHAR>);

bool has_value(const Key* key, std::u16string_view name, const Value& value) {
    if (key == nullptr) return false;
    const auto found = key->values.find(name);
    return found != key->values.end() && found->second == value;
}

LONG set(const KeyObject& object, const std::u16string& name, const Value& value) {
    if (!is_valid_name(name, longest_value_name)) return ERROR_INVALID_PARAMETER;
    return change_key(object, [&](const Key& key, std::string& changes) {
        if (!has_value(&key, name, value)) changes = value_text(object.path, name, value);
        return LONG{ERROR_SUCCESS};
    });
}

LONG erase(const KeyObject& object, const std::u16string& name) {
    return change_key(object, [&](const Key& key, std::string& changes) -> LONG {
        if (!key.values.contains(name)) return ERROR_FILE_NOT_FOUND;
        changes = removed_value_text(object.path, name);
        return ERROR_SUCCESS;
    });
}

template <class Char>
LONG set_value_ex(HANDLE handle, const Char* name, DWORD, DWORD type, const void* data,
                  DWORD size) {
    const auto object = key_of(handle);
    if (object == nullptr) return ERROR_INVALID_HANDLE;
    if (data == nullptr && size != 0) return ERROR_INVALID_PARAMETER;
    return set(*object, to_wide_text(name), {type, data_from_face<Char>(type, data, size)});
}
WINAPI_EXPORT_AS("RegSetValueExA", in_advapi32, set_value_ex<char>);
WINAPI_EXPORT_AS("RegSetValueExW", in_advapi32, set_value_ex<WCHAR>);

// These two make the key where it is missing.
template <class Char>
LONG set_key_value(HANDLE handle, const Char* path, const Char* name, DWORD type, const void* data,
                   DWORD size) {
    const auto object = key_of(handle);
    if (object == nullptr) return ERROR_INVALID_HANDLE;
    const KeyObject key = below(*object, to_wide_text(path));
    const auto valid = [](const auto& part) { return is_valid_name(part, longest_key_name); };
    if (key.path.size() > deepest_key || !std::all_of(key.path.begin(), key.path.end(), valid)) {
        return ERROR_INVALID_PARAMETER;
    }
    const std::u16string value_name = to_wide_text(name);
    if (!is_valid_name(value_name, longest_value_name)) return ERROR_INVALID_PARAMETER;
    const Value value{type, data_from_face<Char>(type, data, size)};
    return key.store->change([&](const Key& root, std::string& changes) {
        if (!has_value(find_key(root, key.path), value_name, value)) {
            changes = value_text(key.path, value_name, value);
        }
        return LONG{ERROR_SUCCESS};
    });
}
WINAPI_EXPORT_AS("RegSetKeyValueA", in_advapi32, set_key_value<char>);
WINAPI_EXPORT_AS("RegSetKeyValueW", in_advapi32, set_key_value<WCHAR>);

template <class Char>
LONG set_value(HANDLE handle, const Char* path, DWORD type, const Char* data, DWORD) {
    if (type != REG_SZ || data == nullptr) return ERROR_INVALID_PARAMETER;
    const std::size_t length = std::char_traits<Char>::length(data) + 1;
    return set_key_value<Char>(handle, path, nullptr, type, data,
                               static_cast<DWORD>(length * sizeof(Char)));
}
WINAPI_EXPORT_AS("RegSetValueA", in_advapi32, set_value<char>);
WINAPI_EXPORT_AS("RegSetValueW", in_advapi32, set_value<WCHAR>);

template <class Char>
LONG delete_value(HANDLE handle, const Char* name) {
    const auto object = key_of(handle);
    if (object == nullptr) return ERROR_INVALID_HANDLE;
    return erase(*object, to_wide_text(name));
}
WINAPI_EXPORT_AS("RegDeleteValueA", in_advapi32, delete_value<char>);
WINAPI_EXPORT_AS("RegDeleteValueW", in_advapi32, delete_value<WCHAR>);

template <class Char>
LONG delete_key_value(HANDLE handle, const Char* path, const Char* name) {
    const auto object = key_of(handle);
    if (object == nullptr) return ERROR_INVALID_HANDLE;
    const LONG result = erase(below(*object, to_wide_text(path)), to_wide_text(name));
    return result == ERROR_KEY_DELETED ? LONG{ERROR_FILE_NOT_FOUND} : result;
}
WINAPI_EXPORT_AS("RegDeleteKeyValueA", in_advapi32, delete_key_value<char>);
WINAPI_EXPORT_AS("RegDeleteKeyValueW", in_advapi32, delete_key_value<WCHAR>);

// `name_size` counts characters: in with the NUL, out without.
template <class Char>
LONG enum_value(HANDLE handle, DWORD index, Char* name, DWORD* name_size, DWORD*, DWORD* type,
                void* buffer, DWORD* size) {
    const auto object = key_of(handle);
    if (object == nullptr) return ERROR_INVALID_HANDLE;
    if (name == nullptr || name_size == nullptr) return ERROR_INVALID_PARAMETER;
    return read_key(*object, [&](const Key& key) -> LONG {
        if (index >= key.values.size()) return ERROR_NO_MORE_ITEMS;
        const auto& [value_name, value] = *std::next(key.values.begin(), index);
        const auto text = in_face<Char>(std::u16string_view(value_name));
        if (text.size() >= *name_size) return ERROR_MORE_DATA;
        *std::copy(text.begin(), text.end(), name) = 0;
        *name_size = static_cast<DWORD>(text.size());
        if (type != nullptr) *type = value.type;
        return give_data(data_in_face<Char>(value), buffer, size);
    });
}
WINAPI_EXPORT_AS("RegEnumValueA", in_advapi32, enum_value<char>, Coverage::partial,
                 "values are listed by name, not by age");
WINAPI_EXPORT_AS("RegEnumValueW", in_advapi32, enum_value<WCHAR>, Coverage::partial,
                 "values are listed by name, not by age");

}  // namespace

}  // namespace instdrv::winapi::advapi32
