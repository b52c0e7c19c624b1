// Runs under Wine: prints what its C runtimes make of printf_cases.hpp, one line per call.
#include <windows.h>

#include "oracle/printf_report.hpp"

namespace {

template <class Function>
Function* find(const char* dll, const char* name) {
    return reinterpret_cast<Function*>(
        reinterpret_cast<void*>(GetProcAddress(LoadLibraryA(dll), name)));
}

template <class Char>
using Ucrt = int __cdecl(unsigned long long, Char*, size_t, const Char*, void*, const void*);
template <class Char>
using Msvcrt = int __cdecl(Char*, size_t, const Char*, const void*);

struct WineRuntime {
    Ucrt<char>* narrow_ucrt = find<Ucrt<char>>("ucrtbase.dll", "__stdio_common_vsprintf");
    Ucrt<char16_t>* wide_ucrt = find<Ucrt<char16_t>>("ucrtbase.dll", "__stdio_common_vswprintf");
    Msvcrt<char>* narrow_msvcrt = find<Msvcrt<char>>("msvcrt.dll", "_vsnprintf");
    Msvcrt<char16_t>* wide_msvcrt = find<Msvcrt<char16_t>>("msvcrt.dll", "_vsnwprintf");

    int ucrt(unsigned long long options, char* buffer, size_t room, const char* format,
             const void* list) const {
        return narrow_ucrt(options, buffer, room, format, nullptr, list);
    }
    int ucrt(unsigned long long options, char16_t* buffer, size_t room, const char16_t* format,
             const void* list) const {
        return wide_ucrt(options, buffer, room, format, nullptr, list);
    }
    int msvcrt(char* buffer, size_t room, const char* format, const void* list) const {
        return narrow_msvcrt(buffer, room, format, list);
    }
    int msvcrt(char16_t* buffer, size_t room, const char16_t* format, const void* list) const {
        return wide_msvcrt(buffer, room, format, list);
    }
    void line(const std::string& text) const { std::puts(text.c_str()); }
};

}  // namespace

int main() {
    WineRuntime runtime;
    cases::report_all(runtime);
}
