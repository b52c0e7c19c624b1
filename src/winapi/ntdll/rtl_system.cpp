// Heaps, critical sections, versions and error codes by their ntdll names.
#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/ntdll/status.hpp"
#include "winapi/objects/critical_section.hpp"
#include "winapi/process/windows_version.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::ntdll {
namespace {

LONG RtlInitializeCriticalSection(CriticalSection* section) {
    initialize(*section);
    return STATUS_SUCCESS;
}
WINAPI_EXPORT_AS("RtlDeleteCriticalSection", in_ntdll, RtlInitializeCriticalSection);
WINAPI_EXPORT(RtlInitializeCriticalSection, in_ntdll);

LONG RtlEnterCriticalSection(CriticalSection* section) {
    enter(*section);
    return STATUS_SUCCESS;
}
WINAPI_EXPORT(RtlEnterCriticalSection, in_ntdll);

LONG RtlLeaveCriticalSection(CriticalSection* section) {
    leave(*section);
    return STATUS_SUCCESS;
}
WINAPI_EXPORT(RtlLeaveCriticalSection, in_ntdll);

BOOL RtlTryEnterCriticalSection(CriticalSection* section) {
    return try_enter(*section) ? TRUE : FALSE;
}
WINAPI_EXPORT(RtlTryEnterCriticalSection, in_ntdll);

struct OsVersionInfo {
    DWORD size;
    DWORD major;
    DWORD minor;
    DWORD build;
    DWORD platform;
    WCHAR service_pack[128];
};

LONG RtlGetVersion(OsVersionInfo* info) {
    info->major = windows_major_version;
    info->minor = windows_minor_version;
    info->build = windows_build;
    info->platform = windows_platform;
    info->service_pack[0] = 0;
    return STATUS_SUCCESS;
}
WINAPI_EXPORT(RtlGetVersion, in_ntdll, Coverage::partial, "not the extended form of the structure");

void RtlGetNtVersionNumbers(DWORD* major, DWORD* minor, DWORD* build) {
    constexpr DWORD release = 0xF0000000;
    if (major != nullptr) *major = windows_major_version;
    if (minor != nullptr) *minor = windows_minor_version;
    if (build != nullptr) *build = release | windows_build;
}
WINAPI_EXPORT(RtlGetNtVersionNumbers, in_ntdll);

// https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-rtlntstatustodoserror
DWORD RtlNtStatusToDosError(LONG status) {
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
WINAPI_EXPORT(RtlNtStatusToDosError, in_ntdll, Coverage::partial, "knows few codes");

DWORD RtlGetLastWin32Error() { return last_error(); }
WINAPI_EXPORT(RtlGetLastWin32Error, in_ntdll);

void RtlSetLastWin32Error(DWORD code) { set_last_error(code); }
WINAPI_EXPORT(RtlSetLastWin32Error, in_ntdll);

}  // namespace

}  // namespace instdrv::winapi::ntdll
