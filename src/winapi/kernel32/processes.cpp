// The process as drivers see it. Ending it ends the driver's call, never the host.
// https://learn.microsoft.com/windows/win32/procthread/process-and-thread-functions
#include <unistd.h>

#include <fmt/format.h>

#include "image/pe/guarded_call.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/files/driver_state.hpp"
#include "winapi/kernel32/pseudo_handles.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/process/modules.hpp"
#include "winapi/process/process.hpp"
#include "winapi/text/code_page.hpp"
#include "winapi/threads/last_error.hpp"
#include "winapi/threads/teb.hpp"

namespace instdrv::winapi::kernel32 {
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
[[noreturn]] void ExitProcess(UINT code) {
    if (const DriverState* const state = DriverState::current()) state->flush_streams();
    end_call("ExitProcess", code);
}
WINAPI_EXPORT(ExitProcess, in_kernel32, Coverage::partial,
              "ends the driver's call with an error, not the process");

BOOL TerminateProcess(HANDLE process, UINT code) {
    if (is_this_process(process)) end_call("TerminateProcess", code);
    return fail(ERROR_INVALID_HANDLE, FALSE);
}
WINAPI_EXPORT(TerminateProcess, in_kernel32, Coverage::partial,
              "ends the driver's call with an error, not the process");

Error error_of_fatal_exit(const char* text) {
    return {.code = ErrorCode::broken,
            .operation = "run driver code",
            .cause = "the driver gave up (FatalAppExit): " + utf8_from_ansi(text)};
}

[[noreturn]] void FatalAppExitA(UINT, const char* text) {
    pe::break_off(error_of_fatal_exit(text));
}
WINAPI_EXPORT(FatalAppExitA, in_kernel32, Coverage::partial,
              "ends the driver's call with an error, not the process");

HANDLE GetCurrentProcess() { return current_process_handle; }
WINAPI_EXPORT(GetCurrentProcess, in_kernel32);

DWORD GetCurrentProcessId() { return static_cast<DWORD>(::getpid()); }
WINAPI_EXPORT(GetCurrentProcessId, in_kernel32);

DWORD GetProcessId(HANDLE process) {
    return is_this_process(process) ? GetCurrentProcessId() : fail(ERROR_INVALID_HANDLE, DWORD{0});
}
WINAPI_EXPORT(GetProcessId, in_kernel32);

HANDLE OpenProcess(DWORD, BOOL, DWORD id) {
    if (id == GetCurrentProcessId()) return current_process_handle;
    return fail(ERROR_INVALID_PARAMETER, nullptr);
}
WINAPI_EXPORT(OpenProcess, in_kernel32, Coverage::partial, "opens this process only");

BOOL GetExitCodeProcess(HANDLE process, DWORD* code) {
    if (!is_this_process(process)) return fail(ERROR_INVALID_HANDLE, FALSE);
    *code = still_active;
    return TRUE;
}
WINAPI_EXPORT(GetExitCodeProcess, in_kernel32);

BOOL GetProcessAffinityMask(HANDLE process, DWORD_PTR* mask, DWORD_PTR* system_mask) {
    if (!is_this_process(process)) return fail(ERROR_INVALID_HANDLE, FALSE);
    *mask = processor_mask();
    *system_mask = processor_mask();
    return TRUE;
}
WINAPI_EXPORT(GetProcessAffinityMask, in_kernel32);

BOOL SetProcessAffinityMask(HANDLE process, DWORD_PTR mask) {
    if (!is_this_process(process)) return fail(ERROR_INVALID_HANDLE, FALSE);
    return mask == 0 || (mask & ~processor_mask()) != 0 ? fail(ERROR_INVALID_PARAMETER, FALSE)
                                                        : TRUE;
}
WINAPI_EXPORT(SetProcessAffinityMask, in_kernel32, Coverage::partial, "accepted without effect");

DWORD GetPriorityClass(HANDLE) { return NORMAL_PRIORITY_CLASS; }
WINAPI_EXPORT(GetPriorityClass, in_kernel32, Coverage::partial, "always normal");

BOOL SetPriorityClass(HANDLE, DWORD) { return TRUE; }
WINAPI_EXPORT(SetPriorityClass, in_kernel32, Coverage::partial, "accepted without effect");

const char* GetCommandLineA() {
    static const std::string line = to_ansi(main_module_path);
    return line.c_str();
}
WINAPI_EXPORT(GetCommandLineA, in_kernel32);

const WCHAR* GetCommandLineW() {
    return Process::instance().peb().ProcessParameters->CommandLine.Buffer;
}
WINAPI_EXPORT(GetCommandLineW, in_kernel32);

struct StartupInfo {
    DWORD size;
    void* reserved[3];
    DWORD numbers[8];
    WORD show_window;
    WORD reserved_size;
    void* more[4];
};
static_assert(sizeof(StartupInfo) == (sizeof(void*) == 8 ? 104 : 68));

void GetStartupInfo(StartupInfo* info) {
    *info = StartupInfo{};
    info->size = sizeof *info;
}
WINAPI_EXPORT_AS("GetStartupInfoA", in_kernel32, GetStartupInfo);
WINAPI_EXPORT_AS("GetStartupInfoW", in_kernel32, GetStartupInfo);

BOOL CreateProcess(const void*, void*, void*, void*, BOOL, DWORD, void*, const void*, void*,
                   void*) {
    return fail(ERROR_ACCESS_DENIED, FALSE);
}
WINAPI_EXPORT_AS("CreateProcessA", in_kernel32, CreateProcess, Coverage::stub,
                 "ERROR_ACCESS_DENIED: drivers start no programs");
WINAPI_EXPORT_AS("CreateProcessW", in_kernel32, CreateProcess, Coverage::stub,
                 "ERROR_ACCESS_DENIED: drivers start no programs");

UINT WinExec(const char*, UINT) { return ERROR_ACCESS_DENIED; }
WINAPI_EXPORT(WinExec, in_kernel32, Coverage::stub,
              "ERROR_ACCESS_DENIED: drivers start no programs");

BOOL IsWow64Process(HANDLE, BOOL* is_wow64) {
    *is_wow64 = FALSE;
    return TRUE;
}
WINAPI_EXPORT(IsWow64Process, in_kernel32);

UINT SetErrorMode(UINT) { return 0; }
WINAPI_EXPORT(SetErrorMode, in_kernel32, Coverage::partial, "accepted without effect");

UINT GetErrorMode() { return 0; }
WINAPI_EXPORT(GetErrorMode, in_kernel32);

BOOL SetProcessShutdownParameters(DWORD, DWORD) { return TRUE; }
WINAPI_EXPORT(SetProcessShutdownParameters, in_kernel32, Coverage::partial,
              "accepted without effect");

}  // namespace

}  // namespace instdrv::winapi::kernel32
