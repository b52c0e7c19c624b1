// https://learn.microsoft.com/windows/win32/procthread/environment-variables
#include <memory>

#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/process/environment_variables.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

template <class Character>
DWORD GetEnvironmentVariable(const Character* name, Character* buffer, DWORD size) {
    const EnvironmentVariable* const variable = find_environment_variable(to_wide_text(name));
    if (variable == nullptr) return fail(ERROR_ENVVAR_NOT_FOUND, DWORD{0});
    const auto value = in_face<Character>(std::u16string_view(variable->value));
    return give_text_or_size(std::basic_string_view<Character>(value), buffer, size);
}
WINAPI_EXPORT_AS("GetEnvironmentVariableA", in_kernel32, GetEnvironmentVariable<char>);
WINAPI_EXPORT_AS("GetEnvironmentVariableW", in_kernel32, GetEnvironmentVariable<WCHAR>);

template <class Character>
BOOL SetEnvironmentVariable(const Character* name, const Character* value) {
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
WINAPI_EXPORT_AS("SetEnvironmentVariableA", in_kernel32, SetEnvironmentVariable<char>);
WINAPI_EXPORT_AS("SetEnvironmentVariableW", in_kernel32, SetEnvironmentVariable<WCHAR>);

// "NAME=value" texts, each with its NUL, and one NUL more.
template <class Character>
Character* GetEnvironmentStrings() {
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
WINAPI_EXPORT_AS("GetEnvironmentStrings", in_kernel32, GetEnvironmentStrings<char>);
WINAPI_EXPORT_AS("GetEnvironmentStringsA", in_kernel32, GetEnvironmentStrings<char>);
WINAPI_EXPORT_AS("GetEnvironmentStringsW", in_kernel32, GetEnvironmentStrings<WCHAR>);

BOOL FreeEnvironmentStrings(void* block) {
    release(block);
    return TRUE;
}
WINAPI_EXPORT_AS("FreeEnvironmentStringsA", in_kernel32, FreeEnvironmentStrings);
WINAPI_EXPORT_AS("FreeEnvironmentStringsW", in_kernel32, FreeEnvironmentStrings);

// Answers the size of the whole text with its NUL, whether it fits or not.
template <class Character>
DWORD ExpandEnvironmentStrings(const Character* source, Character* buffer, DWORD size) {
    const std::u16string expanded = expand_environment(to_wide_text(source));
    const auto text = in_face<Character>(std::u16string_view(expanded));
    give_text_or_size(std::basic_string_view<Character>(text), buffer, size);
    return static_cast<DWORD>(text.size() + 1);
}
WINAPI_EXPORT_AS("ExpandEnvironmentStringsA", in_kernel32, ExpandEnvironmentStrings<char>);
WINAPI_EXPORT_AS("ExpandEnvironmentStringsW", in_kernel32, ExpandEnvironmentStrings<WCHAR>);

}  // namespace

}  // namespace instdrv::winapi::kernel32
