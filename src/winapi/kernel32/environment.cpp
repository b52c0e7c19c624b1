// https://learn.microsoft.com/windows/win32/procthread/environment-variables
#include <memory>

#include "winapi/environment_variables.hpp"
#include "winapi/heap.hpp"
#include "winapi/kernel32/topics.hpp"
#include "winapi/last_error.hpp"
#include "winapi/text_arguments.hpp"
#include "winapi/text_out.hpp"

namespace instdrv::winapi {
namespace {

template <class Character>
DWORD WINFN GetEnvironmentVariable(const Character* name, Character* buffer, DWORD size) {
    const EnvironmentVariable* const variable = find_environment_variable(to_wide_text(name));
    if (variable == nullptr) return fail(ERROR_ENVVAR_NOT_FOUND, DWORD{0});
    const auto value = in_face<Character>(std::u16string_view(variable->value));
    return give_text_or_size(std::basic_string_view<Character>(value), buffer, size);
}

template <class Character>
BOOL WINFN SetEnvironmentVariable(const Character* name, const Character* value) {
    const std::u16string wide_name = to_wide_text(name);
    if (wide_name.empty() || wide_name.find(u'=') != std::u16string::npos) {
        return fail(ERROR_INVALID_PARAMETER, FALSE);
    }
    if (value == nullptr) {
        remove_environment_variable(wide_name);
    } else {
        set_environment_variable(wide_name, to_wide_text(value));
    }
    return TRUE;
}

// "NAME=value" texts, each with its NUL, and one NUL more.
template <class Character>
Character* WINFN GetEnvironmentStrings() {
    std::basic_string<Character> block;
    for (const EnvironmentVariable* const variable : environment_variables()) {
        block += in_face<Character>(variable->name + u'=' + variable->value);
        block += Character{0};
    }
    auto* const copy = static_cast<Character*>(allocate((block.size() + 1) * sizeof(Character)));
    if (copy == nullptr) return fail(ERROR_NOT_ENOUGH_MEMORY, nullptr);
    *std::copy(block.begin(), block.end(), copy) = Character{0};
    return copy;
}

BOOL WINFN FreeEnvironmentStrings(void* block) {
    release(block);
    return TRUE;
}

// Answers the size of the whole text with its NUL, whether it fits or not.
template <class Character>
DWORD WINFN ExpandEnvironmentStrings(const Character* source, Character* buffer, DWORD size) {
    const std::u16string expanded = expand_environment(to_wide_text(source));
    const auto text = in_face<Character>(std::u16string_view(expanded));
    give_text_or_size(std::basic_string_view<Character>(text), buffer, size);
    return static_cast<DWORD>(text.size() + 1);
}

}  // namespace

std::span<const Export> environment_exports() {
    static const Export table[] = {
        {"ExpandEnvironmentStringsA", address_of(ExpandEnvironmentStrings<char>)},
        {"ExpandEnvironmentStringsW", address_of(ExpandEnvironmentStrings<WCHAR>)},
        {"FreeEnvironmentStringsA", address_of(FreeEnvironmentStrings)},
        {"FreeEnvironmentStringsW", address_of(FreeEnvironmentStrings)},
        {"GetEnvironmentStrings", address_of(GetEnvironmentStrings<char>)},
        {"GetEnvironmentStringsA", address_of(GetEnvironmentStrings<char>)},
        {"GetEnvironmentStringsW", address_of(GetEnvironmentStrings<WCHAR>)},
        {"GetEnvironmentVariableA", address_of(GetEnvironmentVariable<char>)},
        {"GetEnvironmentVariableW", address_of(GetEnvironmentVariable<WCHAR>)},
        {"SetEnvironmentVariableA", address_of(SetEnvironmentVariable<char>)},
        {"SetEnvironmentVariableW", address_of(SetEnvironmentVariable<WCHAR>)},
    };
    return table;
}

}  // namespace instdrv::winapi
