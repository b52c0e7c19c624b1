// A registry in memory: keys with values, as a tree. Pure data; registry/store.hpp keeps it on
// disk. https://learn.microsoft.com/windows/win32/sysinfo/structure-of-the-registry
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "winapi/abi.hpp"

namespace instdrv::winapi::registry {

constexpr DWORD REG_NONE = 0;
constexpr DWORD REG_SZ = 1;
constexpr DWORD REG_EXPAND_SZ = 2;
constexpr DWORD REG_BINARY = 3;
constexpr DWORD REG_DWORD = 4;
constexpr DWORD REG_MULTI_SZ = 7;
constexpr DWORD REG_QWORD = 11;

// Windows' own limits, in characters.
constexpr std::size_t longest_key_name = 255;
constexpr std::size_t longest_value_name = 16383;
constexpr std::size_t deepest_key = 512;

// Names compare without regard to case.
struct NameLess {
    using is_transparent = void;
    bool operator()(std::u16string_view a, std::u16string_view b) const noexcept;
};

struct Value {
    DWORD type = REG_NONE;
    std::vector<std::uint8_t> data;  // texts are UTF-16, with or without a NUL, as they were set
    bool operator==(const Value&) const = default;
};

struct Key {
    std::map<std::u16string, Key, NameLess> keys;
    std::map<std::u16string, Value, NameLess> values;  // the default value's name is empty
    bool operator==(const Key&) const = default;
};

// "Software\\X" to its parts; empty parts are left out.
using Path = std::vector<std::u16string>;
Path split_path(std::u16string_view text);

// Null: there is no such key.
Key* find_key(Key& root, const Path& path);
const Key* find_key(const Key& root, const Path& path);
// The key, made with all that lead to it where they are missing.
Key& make_key(Key& root, const Path& path);

bool is_text_type(DWORD type) noexcept;  // REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ
std::vector<std::uint8_t> text_data(std::u16string_view text);  // with a NUL
// Without the NUL at the end; an odd last byte is left out.
std::u16string text_of(const Value& value);

// Where the predefined key of that number lies; empty where there is none.
// https://learn.microsoft.com/windows/win32/sysinfo/predefined-keys
Path predefined_path(std::uint32_t number);
// The keys that are always there.
void make_predefined_keys(Key& root);

}  // namespace instdrv::winapi::registry
