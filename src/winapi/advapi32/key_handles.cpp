#include "winapi/advapi32/key_handles.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace instdrv::winapi::registry {
namespace {

// Where a predefined key lies. HKEY_CLASSES_ROOT is a view of a part of the machine's hive.
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

}  // namespace

std::shared_ptr<KeyObject> key_of(HANDLE key) {
    // Windows extends the sign of these numbers on 64-bit systems; callers do not always.
    const Path path = predefined_path(static_cast<std::uint32_t>(reinterpret_cast<UINT_PTR>(key)));
    if (path.empty()) return find_object<KeyObject>(key);
    auto store = Store::current();
    if (store == nullptr) return nullptr;
    return std::make_shared<KeyObject>(std::move(store), path);
}

void make_predefined_keys(Key& root) {
    for (std::uint32_t number = 0x80000000; number <= 0x80000005; ++number)
        make_key(root, predefined_path(number));
}

KeyObject below(const KeyObject& key, std::u16string_view sub_path) {
    KeyObject result(key.store, key.path);
    for (std::u16string& name : split_path(sub_path))
        result.path.push_back(std::move(name));
    return result;
}

bool is_hive(const KeyObject& object) noexcept { return object.path.size() <= 1; }

bool is_valid_name(std::u16string_view name, std::size_t longest) noexcept {
    return name.size() <= longest &&
           std::none_of(name.begin(), name.end(), [](char16_t c) { return c < u' '; }) &&
           to_utf16(to_utf8(name)) == name;
}

}  // namespace instdrv::winapi::registry
