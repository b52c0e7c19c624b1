// The process as drivers see it. Ending it ends the driver's call, never the host.
// https://learn.microsoft.com/windows/win32/procthread/process-and-thread-functions
#include <unistd.h>

#include <fmt/format.h>

#include "image/pe/guarded_call.hpp"
#include "winapi/code_page.hpp"
#include "winapi/driver_state.hpp"
#include "winapi/heap.hpp"
#include "winapi/kernel32/pseudo_handles.hpp"
#include "winapi/kernel32/topics.hpp"
#include "winapi/last_error.hpp"
#include "winapi/modules.hpp"
#include "winapi/process.hpp"
#include "winapi/teb.hpp"

namespace instdrv::winapi {
namespace {

constexpr DWORD still_active = 259;
constexpr DWORD NORMAL_PRIORITY_CLASS = 0x20;

bool is_this_process(HANDLE process) { return process == current_process_handle; }

[[noreturn]] void end_call(const char* function, UINT code) {
    pe::break_off(
        Error{.code = ErrorCode::exited,
              .operation = "run driver code",
              .cause = fmt::format("the driver ended its process: {}({})", function, code),
              .advice = "The host goes on without this call.",
              .system_code = code});
}

// What the driver's streams hold is written, as a program's end does. TerminateProcess drops it.
[[noreturn]] void WINFN ExitProcess(UINT code) {
    if (const DriverState* const state = DriverState::current()) state->flush_streams();
    end_call("ExitProcess", code);
}

BOOL WINFN TerminateProcess(HANDLE process, UINT code) {
    if (is_this_process(process)) end_call("TerminateProcess", code);
    return fail(ERROR_INVALID_HANDLE, FALSE);
}

Error error_of_fatal_exit(const char* text) {
    return {.code = ErrorCode::broken,
            .operation = "run driver code",
            .cause = "the driver gave up (FatalAppExit): " + utf8_from_ansi(text)};
}

[[noreturn]] void WINFN FatalAppExitA(UINT, const char* text) {
    pe::break_off(error_of_fatal_exit(text));
}

HANDLE WINFN GetCurrentProcess() { return current_process_handle; }

DWORD WINFN GetCurrentProcessId() { return static_cast<DWORD>(::getpid()); }

DWORD WINFN GetProcessId(HANDLE process) {
    return is_this_process(process) ? GetCurrentProcessId() : fail(ERROR_INVALID_HANDLE, DWORD{0});
}

HANDLE WINFN OpenProcess(DWORD, BOOL, DWORD id) {
    if (id == GetCurrentProcessId()) return current_process_handle;
    return fail(ERROR_INVALID_PARAMETER, nullptr);
}

BOOL WINFN GetExitCodeProcess(HANDLE process, DWORD* code) {
    if (!is_this_process(process)) return fail(ERROR_INVALID_HANDLE, FALSE);
    *code = still_active;
    return TRUE;
}

BOOL WINFN GetProcessAffinityMask(HANDLE process, DWORD_PTR* mask, DWORD_PTR* system_mask) {
    if (!is_this_process(process)) return fail(ERROR_INVALID_HANDLE, FALSE);
    *mask = processor_mask();
    *system_mask = processor_mask();
    return TRUE;
}

BOOL WINFN SetProcessAffinityMask(HANDLE process, DWORD_PTR mask) {
    if (!is_this_process(process)) return fail(ERROR_INVALID_HANDLE, FALSE);
    return mask == 0 || (mask & ~processor_mask()) != 0 ? fail(ERROR_INVALID_PARAMETER, FALSE)
                                                        : TRUE;
}

DWORD WINFN GetPriorityClass(HANDLE) { return NORMAL_PRIORITY_CLASS; }

BOOL WINFN SetPriorityClass(HANDLE, DWORD) { return TRUE; }

const char* WINFN GetCommandLineA() {
    static const std::string line = to_ansi(main_module_path);
    return line.c_str();
}

const WCHAR* WINFN GetCommandLineW() {
    return Process::instance().peb().ProcessParameters->CommandLine.Buffer;
}

struct StartupInfo {
    DWORD size;
    void* reserved[3];
    DWORD numbers[8];
    WORD show_window;
    WORD reserved_size;
    void* more[4];
};
static_assert(sizeof(StartupInfo) == (sizeof(void*) == 8 ? 104 : 68));

void WINFN GetStartupInfo(StartupInfo* info) {
    *info = StartupInfo{};
    info->size = sizeof *info;
}

BOOL WINFN CreateProcess(const void*, void*, void*, void*, BOOL, DWORD, void*, const void*, void*,
                         void*) {
    return fail(ERROR_ACCESS_DENIED, FALSE);
}

UINT WINFN WinExec(const char*, UINT) { return ERROR_ACCESS_DENIED; }

BOOL WINFN IsWow64Process(HANDLE, BOOL* is_wow64) {
    *is_wow64 = FALSE;
    return TRUE;
}

UINT WINFN SetErrorMode(UINT) { return 0; }

UINT WINFN GetErrorMode() { return 0; }

BOOL WINFN SetProcessShutdownParameters(DWORD, DWORD) { return TRUE; }

}  // namespace

std::span<const Export> process_exports() {
    constexpr std::string_view ends_call = "ends the driver's call with an error, not the process";
    constexpr std::string_view no_effect = "accepted without effect";
    constexpr std::string_view no_processes = "ERROR_ACCESS_DENIED: drivers start no programs";
    static const Export table[] = {
        {"CreateProcessA", address_of(CreateProcess), Coverage::stub, no_processes},
        {"CreateProcessW", address_of(CreateProcess), Coverage::stub, no_processes},
        {"ExitProcess", address_of(ExitProcess), Coverage::partial, ends_call},
        {"FatalAppExitA", address_of(FatalAppExitA), Coverage::partial, ends_call},
        {"GetCommandLineA", address_of(GetCommandLineA)},
        {"GetCommandLineW", address_of(GetCommandLineW)},
        {"GetCurrentProcess", address_of(GetCurrentProcess)},
        {"GetCurrentProcessId", address_of(GetCurrentProcessId)},
        {"GetErrorMode", address_of(GetErrorMode)},
        {"GetExitCodeProcess", address_of(GetExitCodeProcess)},
        {"GetPriorityClass", address_of(GetPriorityClass), Coverage::partial, "always normal"},
        {"GetProcessAffinityMask", address_of(GetProcessAffinityMask)},
        {"GetProcessId", address_of(GetProcessId)},
        {"GetStartupInfoA", address_of(GetStartupInfo)},
        {"GetStartupInfoW", address_of(GetStartupInfo)},
        {"IsWow64Process", address_of(IsWow64Process)},
        {"OpenProcess", address_of(OpenProcess), Coverage::partial, "opens this process only"},
        {"SetErrorMode", address_of(SetErrorMode), Coverage::partial, no_effect},
        {"SetPriorityClass", address_of(SetPriorityClass), Coverage::partial, no_effect},
        {"SetProcessAffinityMask", address_of(SetProcessAffinityMask), Coverage::partial,
         no_effect},
        {"SetProcessShutdownParameters", address_of(SetProcessShutdownParameters),
         Coverage::partial, no_effect},
        {"TerminateProcess", address_of(TerminateProcess), Coverage::partial, ends_call},
        {"WinExec", address_of(WinExec), Coverage::stub, no_processes},
    };
    return table;
}

}  // namespace instdrv::winapi
