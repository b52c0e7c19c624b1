// Consoles: there is none, as in a Windows program without one.
// https://learn.microsoft.com/windows/console/console-functions
#include "winapi/code_page.hpp"
#include "winapi/kernel32/topics.hpp"
#include "winapi/last_error.hpp"

namespace instdrv::winapi {
namespace {

HANDLE WINFN GetStdHandle(DWORD) { return nullptr; }

BOOL WINFN SetStdHandle(DWORD, HANDLE) { return TRUE; }

UINT WINFN SetHandleCount(UINT count) { return count; }

UINT WINFN GetConsoleCP() { return oem_code_page; }

BOOL WINFN GetConsoleMode(HANDLE, DWORD*) { return fail(ERROR_INVALID_HANDLE, FALSE); }

BOOL WINFN SetConsoleMode(HANDLE, DWORD) { return fail(ERROR_INVALID_HANDLE, FALSE); }

BOOL WINFN WriteConsole(HANDLE, const void*, DWORD, DWORD* written, void*) {
    if (written != nullptr) *written = 0;
    return fail(ERROR_INVALID_HANDLE, FALSE);
}

BOOL WINFN SetConsoleCtrlHandler(const void*, BOOL) { return TRUE; }

BOOL WINFN AllocConsole() { return fail(ERROR_ACCESS_DENIED, FALSE); }

BOOL WINFN FreeConsole() { return fail(ERROR_INVALID_PARAMETER, FALSE); }

}  // namespace

std::span<const Export> console_exports() {
    constexpr std::string_view no_console = "ERROR_INVALID_HANDLE: the process has no console";
    static const Export table[] = {
        {"AllocConsole", address_of(AllocConsole), Coverage::stub, "ERROR_ACCESS_DENIED"},
        {"FreeConsole", address_of(FreeConsole), Coverage::stub,
         "ERROR_INVALID_PARAMETER: the process has no console"},
        {"GetConsoleCP", address_of(GetConsoleCP)},
        {"GetConsoleMode", address_of(GetConsoleMode), Coverage::stub, no_console},
        {"GetConsoleOutputCP", address_of(GetConsoleCP)},
        {"GetStdHandle", address_of(GetStdHandle), Coverage::stub,
         "a null handle: the process has no console"},
        {"ReadConsoleA", address_of(WriteConsole), Coverage::stub, no_console},
        {"ReadConsoleW", address_of(WriteConsole), Coverage::stub, no_console},
        {"SetConsoleCtrlHandler", address_of(SetConsoleCtrlHandler), Coverage::partial,
         "the handler is never called"},
        {"SetConsoleMode", address_of(SetConsoleMode), Coverage::stub, no_console},
        {"SetHandleCount", address_of(SetHandleCount)},
        {"SetStdHandle", address_of(SetStdHandle), Coverage::partial, "accepted without effect"},
        {"WriteConsoleA", address_of(WriteConsole), Coverage::stub, no_console},
        {"WriteConsoleW", address_of(WriteConsole), Coverage::stub, no_console},
    };
    return table;
}

}  // namespace instdrv::winapi
