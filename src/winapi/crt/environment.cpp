// getenv and _putenv, on the environment that drivers see (environment_variables.hpp).
// https://learn.microsoft.com/cpp/c-runtime-library/reference/getenv-wgetenv
#include <cerrno>
#include <cstring>
#include <string>

#include "base/text.hpp"
#include "winapi/code_page.hpp"
#include "winapi/crt/error_number.hpp"
#include "winapi/crt/topics.hpp"
#include "winapi/environment_variables.hpp"
#include "winapi/heap.hpp"

namespace instdrv::winapi::crt {
namespace {

const char* WINFN_C get_narrow(const char* name) {
    if (name == nullptr) return fail_with<const char*>(EINVAL, nullptr);
    const auto* const variable = find_environment_variable(from_ansi(name));
    return variable == nullptr ? nullptr : variable->ansi_value.c_str();
}

LPCWSTR WINFN_C get_wide(LPCWSTR name) {
    if (name == nullptr) return fail_with<LPCWSTR>(EINVAL, nullptr);
    const auto* const variable = find_environment_variable(name);
    return variable == nullptr ? nullptr : variable->value.c_str();
}

template <class Char, const Char*(WINFN_C* get)(const Char*)>
int WINFN_C get_checked(SIZE_T* needed, Char* buffer, SIZE_T room, const Char* name) {
    if (needed == nullptr || name == nullptr) return fail_with(EINVAL, EINVAL);
    const Char* const value = get(name);
    *needed = value == nullptr ? 0 : std::char_traits<Char>::length(value) + 1;
    if (buffer != nullptr && room > 0) buffer[0] = 0;
    if (value == nullptr || room == 0) return 0;
    if (*needed > room) return fail_with(ERANGE, ERANGE);
    std::char_traits<Char>::copy(buffer, value, *needed);
    return 0;
}

template <class Char, const Char*(WINFN_C* get)(const Char*)>
int WINFN_C duplicate(Char** buffer, SIZE_T* size, const Char* name) {
    if (buffer == nullptr || name == nullptr) return fail_with(EINVAL, EINVAL);
    const Char* const value = get(name);
    const SIZE_T length = value == nullptr ? 0 : std::char_traits<Char>::length(value) + 1;
    *buffer = value == nullptr ? nullptr : static_cast<Char*>(allocate(length * sizeof(Char)));
    if (size != nullptr) *size = length;
    if (value == nullptr) return 0;
    if (*buffer == nullptr) return fail_with(ENOMEM, ENOMEM);
    std::char_traits<Char>::copy(*buffer, value, length);
    return 0;
}

// An empty value removes the variable.
int put(std::u16string_view name, std::u16string_view value) {
    if (name.empty()) return fail_with(EINVAL, -1);
    if (value.empty()) {
        remove_environment_variable(name);
    } else {
        set_environment_variable(name, value);
    }
    return 0;
}

int put_line(std::u16string_view line) {
    const auto equals = line.find(u'=');
    if (equals == std::u16string_view::npos) return fail_with(EINVAL, -1);
    return put(line.substr(0, equals), line.substr(equals + 1));
}

int WINFN_C put_narrow(const char* line) {
    return line == nullptr ? fail_with(EINVAL, -1) : put_line(from_ansi(line));
}

int WINFN_C put_wide(LPCWSTR line) {
    return line == nullptr ? fail_with(EINVAL, -1) : put_line(line);
}

int WINFN_C put_narrow_checked(const char* name, const char* value) {
    if (name == nullptr || value == nullptr) return fail_with(EINVAL, EINVAL);
    return put(from_ansi(name), from_ansi(value)) == 0 ? 0 : EINVAL;
}

int WINFN_C put_wide_checked(LPCWSTR name, LPCWSTR value) {
    if (name == nullptr || value == nullptr) return fail_with(EINVAL, EINVAL);
    return put(name, value) == 0 ? 0 : EINVAL;
}

}  // namespace

std::span<const Export> environment_exports() {
    static const Export table[] = {
        {"_dupenv_s", address_of(duplicate<char, get_narrow>)},
        {"_putenv", address_of(put_narrow)},
        {"_putenv_s", address_of(put_narrow_checked)},
        {"_wdupenv_s", address_of(duplicate<WCHAR, get_wide>)},
        {"_wgetenv", address_of(get_wide)},
        {"_wgetenv_s", address_of(get_checked<WCHAR, get_wide>)},
        {"_wputenv", address_of(put_wide)},
        {"_wputenv_s", address_of(put_wide_checked)},
        {"getenv", address_of(get_narrow)},
        {"getenv_s", address_of(get_checked<char, get_narrow>)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
