// Users, tokens and descriptors. A driver here is one user without privileges, and nothing can be
// protected from it or by it.
// https://learn.microsoft.com/windows/win32/secauthz/access-control
#include <cstring>

#include <sys/random.h>

#include "winapi/exports/export.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::advapi32 {
namespace {

constexpr DWORD ERROR_PRIVILEGE_NOT_HELD = 1314;

// The size counts the NUL, in and out.
template <class Char>
BOOL GetUserName(Char* buffer, DWORD* size) {
    constexpr std::string_view name = "instdrv";
    if (size == nullptr) return fail(ERROR_INVALID_PARAMETER, FALSE);
    const DWORD room = *size;
    *size = static_cast<DWORD>(name.size() + 1);
    if (buffer == nullptr || room < *size) return fail(ERROR_INSUFFICIENT_BUFFER, FALSE);
    *std::copy(name.begin(), name.end(), buffer) = 0;
    return TRUE;
}
WINAPI_EXPORT_AS("GetUserNameA", in_advapi32, GetUserName<char>, Coverage::partial,
                 "always \"instdrv\"");
WINAPI_EXPORT_AS("GetUserNameW", in_advapi32, GetUserName<WCHAR>, Coverage::partial,
                 "always \"instdrv\"");

template <class... Parameters>
BOOL not_held(Parameters...) {
    return fail(ERROR_PRIVILEGE_NOT_HELD, FALSE);
}
WINAPI_EXPORT_AS("AdjustTokenPrivileges", in_advapi32,
                 (not_held<HANDLE, BOOL, const void*, DWORD, void*, DWORD*>), Coverage::stub,
                 "ERROR_PRIVILEGE_NOT_HELD");
WINAPI_EXPORT_AS("LookupPrivilegeValueA", in_advapi32, (not_held<const char*, const char*, void*>),
                 Coverage::stub, "ERROR_PRIVILEGE_NOT_HELD");
WINAPI_EXPORT_AS("LookupPrivilegeValueW", in_advapi32, (not_held<LPCWSTR, LPCWSTR, void*>),
                 Coverage::stub, "ERROR_PRIVILEGE_NOT_HELD");

template <class... Parameters>
BOOL denied(Parameters...) {
    return fail(ERROR_ACCESS_DENIED, FALSE);
}
WINAPI_EXPORT_AS("GetTokenInformation", in_advapi32, (denied<HANDLE, int, void*, DWORD, DWORD*>),
                 Coverage::stub, "ERROR_ACCESS_DENIED");
WINAPI_EXPORT_AS("OpenProcessToken", in_advapi32, (denied<HANDLE, DWORD, HANDLE*>), Coverage::stub,
                 "ERROR_ACCESS_DENIED");
WINAPI_EXPORT_AS("OpenSCManagerA", in_advapi32, (denied<const char*, const char*, DWORD>),
                 Coverage::stub, "ERROR_ACCESS_DENIED: there are no services");
WINAPI_EXPORT_AS("OpenSCManagerW", in_advapi32, (denied<LPCWSTR, LPCWSTR, DWORD>), Coverage::stub,
                 "ERROR_ACCESS_DENIED: there are no services");
WINAPI_EXPORT_AS("OpenThreadToken", in_advapi32, (denied<HANDLE, DWORD, BOOL, HANDLE*>),
                 Coverage::stub, "ERROR_ACCESS_DENIED");

template <class... Parameters>
BOOL not_supported(Parameters...) {
    return fail(ERROR_NOT_SUPPORTED, FALSE);
}
WINAPI_EXPORT_AS("RegisterEventSourceA", in_advapi32, (not_supported<const char*, const char*>),
                 Coverage::stub, "ERROR_NOT_SUPPORTED");
WINAPI_EXPORT_AS("RegisterEventSourceW", in_advapi32, (not_supported<LPCWSTR, LPCWSTR>),
                 Coverage::stub, "ERROR_NOT_SUPPORTED");

// A descriptor that says nothing, which is all that callers of these two need.
BOOL InitializeSecurityDescriptor(void* descriptor, DWORD revision) {
    constexpr SIZE_T size = sizeof(void*) == 8 ? 40 : 20;
    std::memset(descriptor, 0, size);
    *static_cast<BYTE*>(descriptor) = static_cast<BYTE>(revision);
    return TRUE;
}
WINAPI_EXPORT(InitializeSecurityDescriptor, in_advapi32);

BOOL SetSecurityDescriptorDacl(void*, BOOL, void*, BOOL) { return TRUE; }
WINAPI_EXPORT(SetSecurityDescriptorDacl, in_advapi32, Coverage::partial, "accepted without effect");

// RtlGenRandom, by the name it is exported under.
BYTE SystemFunction036(void* buffer, DWORD size) {
    for (DWORD done = 0; done < size;) {
        const auto got = ::getrandom(static_cast<char*>(buffer) + done, size - done, 0);
        if (got < 0) return FALSE;
        done += static_cast<DWORD>(got);
    }
    return TRUE;
}
WINAPI_EXPORT(SystemFunction036, in_advapi32);

}  // namespace

}  // namespace instdrv::winapi::advapi32
