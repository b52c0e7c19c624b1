// Heaps, critical sections, versions and error codes by their ntdll names.
#include "winapi/critical_section.hpp"
#include "winapi/heap.hpp"
#include "winapi/last_error.hpp"
#include "winapi/ntdll/status.hpp"
#include "winapi/ntdll/topics.hpp"
#include "winapi/windows_version.hpp"

namespace instdrv::winapi {
namespace {

LONG WINFN RtlInitializeCriticalSection(CriticalSection* section) {
    initialize(*section);
    return STATUS_SUCCESS;
}

LONG WINFN RtlEnterCriticalSection(CriticalSection* section) {
    enter(*section);
    return STATUS_SUCCESS;
}

LONG WINFN RtlLeaveCriticalSection(CriticalSection* section) {
    leave(*section);
    return STATUS_SUCCESS;
}

BOOL WINFN RtlTryEnterCriticalSection(CriticalSection* section) {
    return try_enter(*section) ? TRUE : FALSE;
}

struct OsVersionInfo {
    DWORD size;
    DWORD major;
    DWORD minor;
    DWORD build;
    DWORD platform;
    WCHAR service_pack[128];
};

LONG WINFN RtlGetVersion(OsVersionInfo* info) {
    info->major = windows_major_version;
    info->minor = windows_minor_version;
    info->build = windows_build;
    info->platform = windows_platform;
    info->service_pack[0] = 0;
    return STATUS_SUCCESS;
}

void WINFN RtlGetNtVersionNumbers(DWORD* major, DWORD* minor, DWORD* build) {
    constexpr DWORD release = 0xF0000000;
    if (major != nullptr) *major = windows_major_version;
    if (minor != nullptr) *minor = windows_minor_version;
    if (build != nullptr) *build = release | windows_build;
}

// https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-rtlntstatustodoserror
DWORD WINFN RtlNtStatusToDosError(LONG status) {
    switch (status) {
        case STATUS_SUCCESS: return ERROR_SUCCESS;
        case STATUS_BUFFER_OVERFLOW: return ERROR_MORE_DATA;
        case STATUS_NOT_IMPLEMENTED: return ERROR_INVALID_FUNCTION;
        case STATUS_ACCESS_VIOLATION: return ERROR_NOACCESS;
        case STATUS_INVALID_HANDLE: return ERROR_INVALID_HANDLE;
        case STATUS_INVALID_PARAMETER: return ERROR_INVALID_PARAMETER;
        case STATUS_NO_SUCH_FILE:
        case STATUS_OBJECT_NAME_NOT_FOUND: return ERROR_FILE_NOT_FOUND;
        case STATUS_NO_MEMORY: return ERROR_NOT_ENOUGH_MEMORY;
        case STATUS_ACCESS_DENIED: return ERROR_ACCESS_DENIED;
        case STATUS_NOT_SUPPORTED: return ERROR_NOT_SUPPORTED;
        case STATUS_NAME_TOO_LONG: return ERROR_FILENAME_EXCED_RANGE;
        default: return ERROR_MR_MID_NOT_FOUND;
    }
}

DWORD WINFN RtlGetLastWin32Error() { return last_error(); }

void WINFN RtlSetLastWin32Error(DWORD code) { set_last_error(code); }

}  // namespace

std::span<const Export> rtl_system_exports() {
    static const Export table[] = {
        {"RtlDeleteCriticalSection", address_of(RtlInitializeCriticalSection)},
        {"RtlEnterCriticalSection", address_of(RtlEnterCriticalSection)},
        {"RtlGetLastWin32Error", address_of(RtlGetLastWin32Error)},
        {"RtlGetNtVersionNumbers", address_of(RtlGetNtVersionNumbers)},
        {"RtlGetVersion", address_of(RtlGetVersion), Coverage::partial,
         "not the extended form of the structure"},
        {"RtlInitializeCriticalSection", address_of(RtlInitializeCriticalSection)},
        {"RtlLeaveCriticalSection", address_of(RtlLeaveCriticalSection)},
        {"RtlNtStatusToDosError", address_of(RtlNtStatusToDosError), Coverage::partial,
         "knows few codes"},
        {"RtlSetLastWin32Error", address_of(RtlSetLastWin32Error)},
        {"RtlTryEnterCriticalSection", address_of(RtlTryEnterCriticalSection)},
    };
    return table;
}

}  // namespace instdrv::winapi
