// Calling Windows functions as a driver does: through the address in the export table, in the
// Windows convention.
#pragma once

#include <string_view>

#include <gtest/gtest.h>

#include "winapi/abi.hpp"
#include "winapi/exports/export_table.hpp"
#include "winapi/process/process.hpp"

namespace instdrv::winapi::test {

inline const void* address_in(std::string_view dll, std::string_view name) {
    const Dll* const found = find_dll(dll);
    const Export* const entry = found == nullptr ? nullptr : find_export(*found, {.name = name});
    EXPECT_NE(entry, nullptr) << dll << '!' << name;
    return entry == nullptr ? nullptr : entry->address();
}

template <class Function>
Function as_function(const void* address) {
    return reinterpret_cast<Function>(const_cast<void*>(address));
}

// A function of kernel32 by name: call<BOOL>("CloseHandle", handle).
template <class Answer, class... Arguments>
Answer call(std::string_view name, Arguments... arguments) {
    using Function = Answer(WINCALL*)(Arguments...);
    Process::instance().prepare_thread();
    const auto function = as_function<Function>(address_in("kernel32.dll", name));
    return function(arguments...);
}

template <class Answer, class... Arguments>
Answer call_ntdll(std::string_view name, Arguments... arguments) {
    using Function = Answer(WINCALL*)(Arguments...);
    Process::instance().prepare_thread();
    const auto function = as_function<Function>(address_in("ntdll.dll", name));
    return function(arguments...);
}

inline DWORD last_error_code() { return call<DWORD>("GetLastError"); }

}  // namespace instdrv::winapi::test
