#include "winapi/advapi32/key_handles.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "winapi/files/driver_state.hpp"

namespace instdrv::winapi::registry {
namespace {

// That of the driver that the calling thread acts for; null outside of driver calls.
std::shared_ptr<Store> current_store() {
    DriverState* const state = DriverState::current();
    return state == nullptr ? nullptr : state->registry();
}

}  // namespace

std::shared_ptr<KeyObject> key_of(HANDLE key) {
    // Windows extends the sign of these numbers on 64-bit systems; callers do not always.
    const Path path = predefined_path(static_cast<std::uint32_t>(reinterpret_cast<UINT_PTR>(key)));
    if (path.empty()) return find_object<KeyObject>(key);
    auto store = current_store();
    if (store == nullptr) return nullptr;
    return std::make_shared<KeyObject>(std::move(store), path);
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
