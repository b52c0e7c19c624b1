// Runs under Wine: prints what its C runtime makes of scanf_cases.hpp, one line per call.
#include <windows.h>

#include "oracle/scanf_cases.hpp"

namespace {

template <class Char>
using Scan = int __cdecl(unsigned long long, const Char*, size_t, const Char*, void*, const void*);

template <class Function>
Function* find(const char* name) {
    return reinterpret_cast<Function*>(
        reinterpret_cast<void*>(GetProcAddress(LoadLibraryA("ucrtbase.dll"), name)));
}

struct WineRuntime {
    Scan<char>* narrow = find<Scan<char>>("__stdio_common_vsscanf");
    Scan<char16_t>* wide = find<Scan<char16_t>>("__stdio_common_vswscanf");

    int scan(unsigned long long options, const char* text, const char* format,
             const void* list) const {
        return narrow(options, text, static_cast<size_t>(-1), format, nullptr, list);
    }
    int scan(unsigned long long options, const char16_t* text, const char16_t* format,
             const void* list) const {
        return wide(options, text, static_cast<size_t>(-1), format, nullptr, list);
    }
    void line(const std::string& text) const { std::puts(text.c_str()); }
};

}  // namespace

int main() {
    WineRuntime runtime;
    cases::report_scans(runtime);
}
