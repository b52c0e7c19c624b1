// Exports a function so that drivers can import it: with a line beside its definition.
//
//     HANDLE CreateThread(void*, SIZE_T stack_size, const void* function, ...) { ... }
//     WINAPI_EXPORT(CreateThread, in_kernel32);
//
//     [[noreturn]] void ExitThread(DWORD code) { ... }
//     WINAPI_EXPORT(ExitThread, in_kernel32, Coverage::partial, "ends the driver's call");
//
// The function itself is a plain one. What drivers call is an entry around it with Windows' calling
// convention, which returns the documented failure if memory runs out (out_of_memory.hpp) and
// records the call for the trace (call_trace.hpp). After the DLLs come a Coverage, a note that says
// what is missing, and an ordinal; each may be left out.
#pragma once

#include <cstdint>
#include <exception>
#include <string_view>

#include "winapi/abi.hpp"
#include "winapi/exports/call_trace.hpp"
#include "winapi/exports/out_of_memory.hpp"

namespace instdrv::winapi {

// The DLLs that export a function, as bits.
using Dlls = std::uint32_t;
constexpr Dlls in_advapi32 = 1U << 0;
constexpr Dlls in_kernelbase = 1U << 1;
constexpr Dlls in_kernel32 = 1U << 2 | in_kernelbase;  // kernelbase has all that kernel32 has
constexpr Dlls in_msacm32 = 1U << 3;
constexpr Dlls in_msvcrt = 1U << 4;
constexpr Dlls in_ntdll = 1U << 5;
constexpr Dlls in_shlwapi = 1U << 6;
constexpr Dlls in_ucrtbase = 1U << 7;
constexpr Dlls in_user32 = 1U << 8;
constexpr Dlls in_vcruntime140 = 1U << 9;
constexpr Dlls in_version = 1U << 10;
constexpr Dlls in_winmm = 1U << 11;
constexpr Dlls in_crt = in_msvcrt | in_ucrtbase;
// Exported a second time, as _NAME_l, which takes a locale as its last parameter. As there is only
// the "C" locale, that is the same function: an argument too many does no harm in the C convention.
// https://learn.microsoft.com/cpp/c-runtime-library/locale
constexpr Dlls with_locale = 1U << 31;

enum class Coverage : std::uint8_t {
    done,     // behaves as documented
    partial,  // works, but for what `note` names
    stub,     // answers the documented failure, which `note` names
};

// One line of a DLL's export table.
struct Export {
    std::string_view name;
    const void* (*address)();
    Dlls dlls;
    Coverage coverage = Coverage::done;
    std::string_view note = {};
    std::uint16_t ordinal = 0;  // 0: by name only
};

// Where the lines lie in a program: the linker puts them side by side, and names the section's
// start and end after it.
#define INSTDRV_EXPORTS_SECTION "instdrv_exports"

extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier): the names are the linker's.
[[gnu::visibility("hidden")]] extern const Export __start_instdrv_exports[];
[[gnu::visibility("hidden")]] extern const Export __stop_instdrv_exports[];
// NOLINTEND(bugprone-reserved-identifier)
}

namespace detail {

// The function, called by a driver.
template <auto function, const auto& name, class Result, class... Parameters>
Result enter(Parameters... parameters) {
    try {
        if (CallTrace::is_on()) [[unlikely]] {
            return traced<Result>(name, function, parameters...);
        }
        return function(parameters...);  // NOLINT(*.insecureAPI.strcpy): who calls strcpy gets it
    } catch (const std::exception&) {
        // This layer throws nothing but a lack of memory.
        return out_of_memory_answer<Result>(name);
    }
}

template <auto function, const auto& name>
struct Entry;

// Windows' own functions, and those of the C runtimes: the conventions differ on i386.
template <class Result, class... Parameters, Result (*function)(Parameters...), const auto& name>
struct Entry<function, name> {
    static Result WINFN call(Parameters... parameters) {
        return enter<function, name, Result>(parameters...);
    }
    static Result WINFN_C call_c(Parameters... parameters) {
        return enter<function, name, Result>(parameters...);
    }
    static const void* winapi() { return reinterpret_cast<const void*>(call); }
    static const void* cdecl_() { return reinterpret_cast<const void*>(call_c); }
};

template <class Result, class... Parameters, Result (*function)(Parameters...) noexcept,
          const auto& name>
struct Entry<function, name> : Entry<static_cast<Result (*)(Parameters...)>(function), name> {};

}  // namespace detail

// A function of the host's C library that means exactly what the Windows function of that name
// means: CRT_EXPORT_AS("strcmp", in_crt, libc<int(const char*, const char*)>(std::strcmp)).
template <class Signature>
constexpr Signature* libc(Signature* function) {
    return function;
}

}  // namespace instdrv::winapi

#define INSTDRV_JOINED(a, b) a##b
#define INSTDRV_UNIQUE(a, b) INSTDRV_JOINED(a, b)

#define INSTDRV_EXPORT_LINE(id, name, address, dlls, ...)                                          \
    [[gnu::used, gnu::section(INSTDRV_EXPORTS_SECTION),                                            \
      gnu::aligned(alignof(::instdrv::winapi::Export))]] constinit const ::instdrv::winapi::Export \
    INSTDRV_UNIQUE(export_, id) = {name, address, dlls __VA_OPT__(, ) __VA_ARGS__}

#define INSTDRV_EXPORT_ENTRY(id, text, function, convention, dlls, ...)                   \
    constexpr char INSTDRV_UNIQUE(export_name_, id)[] = text;                             \
    INSTDRV_EXPORT_LINE(                                                                  \
        id, INSTDRV_UNIQUE(export_name_, id),                                             \
        (::instdrv::winapi::detail::Entry<function,                                       \
                                          INSTDRV_UNIQUE(export_name_, id)>::convention), \
        dlls __VA_OPT__(, ) __VA_ARGS__)

// WINAPI_EXPORT(function, dlls, ...): under the function's own name, with the convention WINAPI.
#define WINAPI_EXPORT(function, dlls, ...) \
    INSTDRV_EXPORT_ENTRY(function, #function, &function, winapi, dlls __VA_OPT__(, ) __VA_ARGS__)
// WINAPI_EXPORT_AS("name", dlls, function, ...): under a name that the function does not have, as
// one of a template, or one that C++ reserves. In parentheses where it has a comma.
#define WINAPI_EXPORT_AS(name, dlls, function, ...) \
    INSTDRV_EXPORT_ENTRY(__COUNTER__, name, function, winapi, dlls __VA_OPT__(, ) __VA_ARGS__)

// The same for functions of the C runtimes, with the convention __cdecl.
#define CRT_EXPORT(function, dlls, ...) \
    INSTDRV_EXPORT_ENTRY(function, #function, &function, cdecl_, dlls __VA_OPT__(, ) __VA_ARGS__)
#define CRT_EXPORT_AS(name, dlls, function, ...) \
    INSTDRV_EXPORT_ENTRY(__COUNTER__, name, function, cdecl_, dlls __VA_OPT__(, ) __VA_ARGS__)

// EXPORT_ADDRESS("name", dlls, pointer, ...): without an entry. For variables; for functions that
// take any number of arguments or look at their caller's registers, which have Windows' convention
// themselves.
#define EXPORT_ADDRESS(name, dlls, pointer, ...)                                  \
    INSTDRV_EXPORT_LINE(                                                          \
        __COUNTER__, name, [] { return reinterpret_cast<const void*>(pointer); }, \
        dlls __VA_OPT__(, ) __VA_ARGS__)
