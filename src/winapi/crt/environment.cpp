// getenv and _putenv, on the environment that drivers see (environment_variables.hpp).
// https://learn.microsoft.com/cpp/c-runtime-library/reference/getenv-wgetenv
#include <cerrno>
#include <cstring>
#include <string>

#include "base/text.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/process/environment_variables.hpp"
#include "winapi/text/code_page.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

const char* get_narrow(const char* name) {
    if (name == nullptr) return fail_with<const char*>(EINVAL, nullptr);
    const auto* const variable = find_environment_variable(from_ansi(name));
    return variable == nullptr ? nullptr : ansi_value_of(*variable);
}
CRT_EXPORT_AS("getenv", in_crt, get_narrow);

LPCWSTR _wgetenv(LPCWSTR name) {
    if (name == nullptr) return fail_with<LPCWSTR>(EINVAL, nullptr);
    const auto* const variable = find_environment_variable(name);
    return variable == nullptr ? nullptr : variable->value.c_str();
}
CRT_EXPORT(_wgetenv, in_crt);

template <class Char, const Char* (*get)(const Char*)>
int get_checked(SIZE_T* needed, Char* buffer, SIZE_T room, const Char* name) {
    if (needed == nullptr || name == nullptr) return fail_with(EINVAL, EINVAL);
    const Char* const value = get(name);
    *needed = value == nullptr ? 0 : std::char_traits<Char>::length(value) + 1;
    if (buffer != nullptr && room > 0) buffer[0] = 0;
    if (value == nullptr || room == 0) return 0;
    if (*needed > room) return fail_with(ERANGE, ERANGE);
    std::char_traits<Char>::copy(buffer, value, *needed);
    return 0;
}
CRT_EXPORT_AS("_wgetenv_s", in_crt, (get_checked<WCHAR, _wgetenv>));
CRT_EXPORT_AS("getenv_s", in_crt, (get_checked<char, get_narrow>));

template <class Char, const Char* (*get)(const Char*)>
int duplicate(Char** buffer, SIZE_T* size, const Char* name) {
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
CRT_EXPORT_AS("_dupenv_s", in_crt, (duplicate<char, get_narrow>));
CRT_EXPORT_AS("_wdupenv_s", in_crt, (duplicate<WCHAR, _wgetenv>));

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

int _putenv(const char* line) {
    return line == nullptr ? fail_with(EINVAL, -1) : put_line(from_ansi(line));
}
CRT_EXPORT(_putenv, in_crt);

int _wputenv(LPCWSTR line) { return line == nullptr ? fail_with(EINVAL, -1) : put_line(line); }
CRT_EXPORT(_wputenv, in_crt);

int _putenv_s(const char* name, const char* value) {
    if (name == nullptr || value == nullptr) return fail_with(EINVAL, EINVAL);
    return put(from_ansi(name), from_ansi(value)) == 0 ? 0 : EINVAL;
}
CRT_EXPORT(_putenv_s, in_crt);

int _wputenv_s(LPCWSTR name, LPCWSTR value) {
    if (name == nullptr || value == nullptr) return fail_with(EINVAL, EINVAL);
    return put(name, value) == 0 ? 0 : EINVAL;
}
CRT_EXPORT(_wputenv_s, in_crt);

}  // namespace

}  // namespace instdrv::winapi::crt
