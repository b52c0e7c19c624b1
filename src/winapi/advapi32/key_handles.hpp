// The table of HKEYs: predefined ones, and those of opened keys.
// https://learn.microsoft.com/windows/win32/sysinfo/predefined-keys
#pragma once

#include <memory>

#include "winapi/objects/objects.hpp"
#include "winapi/registry/store.hpp"

namespace instdrv::winapi::registry {

constexpr LONG ERROR_KEY_DELETED = 1018;
constexpr LONG ERROR_CHILD_MUST_BE_VOLATILE = 1021;

// A key by its path, which may have been deleted since.
struct KeyObject final : KernelObject {
    KeyObject(std::shared_ptr<Store> in, Path at) : store(std::move(in)), path(std::move(at)) {}
    std::shared_ptr<Store> store;
    Path path;  // from the hive on
};

// Null: not an open key, or no driver is being called.
std::shared_ptr<KeyObject> key_of(HANDLE key);

// The key that `sub_path` names below `key`.
KeyObject below(const KeyObject& key, std::u16string_view sub_path);

// `action(key)` for a key that is there to answer questions: ERROR_KEY_DELETED if it is gone.
template <class Action>
LONG read_key(const KeyObject& object, Action action) {
    return object.store->read([&](const Key& root) -> LONG {
        const Key* const key = find_key(root, object.path);
        return key == nullptr ? ERROR_KEY_DELETED : action(*key);
    });
}
// The same for `plan(key, changes)`, which says what to change (Store::change).
template <class Plan>
LONG change_key(const KeyObject& object, Plan plan) {
    return object.store->change([&](const Key& root, std::string& changes) -> LONG {
        const Key* const key = find_key(root, object.path);
        return key == nullptr ? ERROR_KEY_DELETED : plan(*key, changes);
    });
}

// Hives and paths of one part may not be removed by name alone.
bool is_hive(const KeyObject& object) noexcept;

// Names that the registry's file can hold: no control characters, and no halves of characters.
bool is_valid_name(std::u16string_view name, std::size_t longest) noexcept;

}  // namespace instdrv::winapi::registry
