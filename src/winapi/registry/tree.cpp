#include "winapi/registry/tree.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "winapi/text/letter_case.hpp"

namespace instdrv::winapi::registry {

bool NameLess::operator()(std::u16string_view a, std::u16string_view b) const noexcept {
    return std::lexicographical_compare(
        a.begin(), a.end(), b.begin(), b.end(),
        [](char16_t x, char16_t y) { return upper_case(x) < upper_case(y); });
}

Path split_path(std::u16string_view text) {
    Path path;
    while (!text.empty()) {
        const auto end = std::min(text.find(u'\\'), text.size());
        if (end != 0) path.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return path;
}

Key* find_key(Key& root, const Path& path) {
    return const_cast<Key*>(find_key(std::as_const(root), path));
}

const Key* find_key(const Key& root, const Path& path) {
    const Key* key = &root;
    for (const std::u16string& name : path) {
        const auto found = key->keys.find(name);
        if (found == key->keys.end()) return nullptr;
        key = &found->second;
    }
    return key;
}

Key& make_key(Key& root, const Path& path) {
    Key* key = &root;
    for (const std::u16string& name : path)
        key = &key->keys[name];
    return *key;
}

bool is_text_type(DWORD type) noexcept {
    return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}

std::vector<std::uint8_t> text_data(std::u16string_view text) {
    std::vector<std::uint8_t> data((text.size() + 1) * sizeof(char16_t));
    std::memcpy(data.data(), text.data(), text.size() * sizeof(char16_t));
    return data;
}

std::u16string text_of(const Value& value) {
    std::u16string text(value.data.size() / sizeof(char16_t), u'\0');
    if (text.empty()) return text;  // memcpy takes no null pointer, which an empty vector may have
    std::memcpy(text.data(), value.data.data(), text.size() * sizeof(char16_t));
    if (text.ends_with(u'\0')) text.pop_back();
    return text;
}

// HKEY_CLASSES_ROOT is a view of a part of the machine's hive.
Path predefined_path(std::uint32_t number) {
    switch (number) {
        case 0x80000000: return {u"HKEY_LOCAL_MACHINE", u"Software", u"Classes"};
        case 0x80000001: return {u"HKEY_CURRENT_USER"};
        case 0x80000002: return {u"HKEY_LOCAL_MACHINE"};
        case 0x80000003: return {u"HKEY_USERS"};
        case 0x80000005: return {u"HKEY_CURRENT_CONFIG"};
        default: return {};
    }
}

void make_predefined_keys(Key& root) {
    for (std::uint32_t number = 0x80000000; number <= 0x80000005; ++number)
        make_key(root, predefined_path(number));
}

}  // namespace instdrv::winapi::registry
