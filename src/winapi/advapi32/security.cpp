// Users, tokens and descriptors. A driver here is one user without privileges, and nothing can be
// protected from it or by it.
// https://learn.microsoft.com/windows/win32/secauthz/access-control
#include <cstring>

#include <sys/random.h>

#include "winapi/advapi32/topics.hpp"
#include "winapi/last_error.hpp"
#include "winapi/text_arguments.hpp"

namespace instdrv::winapi::advapi32 {
namespace {

constexpr DWORD ERROR_PRIVILEGE_NOT_HELD = 1314;

// The size counts the NUL, in and out.
template <class Char>
BOOL WINFN GetUserName(Char* buffer, DWORD* size) {
    constexpr std::string_view name = "instdrv";
    if (size == nullptr) return fail(ERROR_INVALID_PARAMETER, FALSE);
    const DWORD room = *size;
    *size = static_cast<DWORD>(name.size() + 1);
    if (buffer == nullptr || room < *size) return fail(ERROR_INSUFFICIENT_BUFFER, FALSE);
    *std::copy(name.begin(), name.end(), buffer) = 0;
    return TRUE;
}

template <class... Parameters>
BOOL WINFN not_held(Parameters...) {
    return fail(ERROR_PRIVILEGE_NOT_HELD, FALSE);
}

template <class... Parameters>
BOOL WINFN denied(Parameters...) {
    return fail(ERROR_ACCESS_DENIED, FALSE);
}

template <class... Parameters>
BOOL WINFN not_supported(Parameters...) {
    return fail(ERROR_NOT_SUPPORTED, FALSE);
}

// A descriptor that says nothing, which is all that callers of these two need.
BOOL WINFN InitializeSecurityDescriptor(void* descriptor, DWORD revision) {
    constexpr SIZE_T size = sizeof(void*) == 8 ? 40 : 20;
    std::memset(descriptor, 0, size);
    *static_cast<BYTE*>(descriptor) = static_cast<BYTE>(revision);
    return TRUE;
}

BOOL WINFN SetSecurityDescriptorDacl(void*, BOOL, void*, BOOL) { return TRUE; }

// RtlGenRandom, by the name it is exported under.
BYTE WINFN SystemFunction036(void* buffer, DWORD size) {
    for (DWORD done = 0; done < size;) {
        const auto got = ::getrandom(static_cast<char*>(buffer) + done, size - done, 0);
        if (got < 0) return FALSE;
        done += static_cast<DWORD>(got);
    }
    return TRUE;
}

}  // namespace

std::span<const Export> security_exports() {
    static const Export table[] = {
        {"AdjustTokenPrivileges",
         address_of(not_held<HANDLE, BOOL, const void*, DWORD, void*, DWORD*>), Coverage::stub,
         "ERROR_PRIVILEGE_NOT_HELD"},
        {"GetTokenInformation", address_of(denied<HANDLE, int, void*, DWORD, DWORD*>),
         Coverage::stub, "ERROR_ACCESS_DENIED"},
        {"GetUserNameA", address_of(GetUserName<char>), Coverage::partial, "always \"instdrv\""},
        {"GetUserNameW", address_of(GetUserName<WCHAR>), Coverage::partial, "always \"instdrv\""},
        {"InitializeSecurityDescriptor", address_of(InitializeSecurityDescriptor)},
        {"LookupPrivilegeValueA", address_of(not_held<const char*, const char*, void*>),
         Coverage::stub, "ERROR_PRIVILEGE_NOT_HELD"},
        {"LookupPrivilegeValueW", address_of(not_held<LPCWSTR, LPCWSTR, void*>), Coverage::stub,
         "ERROR_PRIVILEGE_NOT_HELD"},
        {"OpenProcessToken", address_of(denied<HANDLE, DWORD, HANDLE*>), Coverage::stub,
         "ERROR_ACCESS_DENIED"},
        {"OpenSCManagerA", address_of(denied<const char*, const char*, DWORD>), Coverage::stub,
         "ERROR_ACCESS_DENIED: there are no services"},
        {"OpenSCManagerW", address_of(denied<LPCWSTR, LPCWSTR, DWORD>), Coverage::stub,
         "ERROR_ACCESS_DENIED: there are no services"},
        {"OpenThreadToken", address_of(denied<HANDLE, DWORD, BOOL, HANDLE*>), Coverage::stub,
         "ERROR_ACCESS_DENIED"},
        {"RegisterEventSourceA", address_of(not_supported<const char*, const char*>),
         Coverage::stub, "ERROR_NOT_SUPPORTED"},
        {"RegisterEventSourceW", address_of(not_supported<LPCWSTR, LPCWSTR>), Coverage::stub,
         "ERROR_NOT_SUPPORTED"},
        {"SetSecurityDescriptorDacl", address_of(SetSecurityDescriptorDacl), Coverage::partial,
         "accepted without effect"},
        {"SystemFunction036", address_of(SystemFunction036)},
    };
    return table;
}

}  // namespace instdrv::winapi::advapi32
