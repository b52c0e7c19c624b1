#include <algorithm>
#include <cstring>

#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi::ntdll {
namespace {

void RtlMoveMemory(void* target, const void* source, SIZE_T size) {
    std::memmove(target, source, size);
}
WINAPI_EXPORT_AS("RtlCopyMemory", in_kernel32 | in_ntdll, RtlMoveMemory);
WINAPI_EXPORT(RtlMoveMemory, in_kernel32 | in_ntdll);

void RtlFillMemory(void* target, SIZE_T size, BYTE value) { std::memset(target, value, size); }
WINAPI_EXPORT(RtlFillMemory, in_kernel32 | in_ntdll);

void RtlZeroMemory(void* target, SIZE_T size) { std::memset(target, 0, size); }
WINAPI_EXPORT(RtlZeroMemory, in_kernel32 | in_ntdll);

// The number of bytes before the first difference.
SIZE_T RtlCompareMemory(const BYTE* a, const BYTE* b, SIZE_T size) {
    return static_cast<SIZE_T>(std::mismatch(a, a + size, b).first - a);
}
WINAPI_EXPORT(RtlCompareMemory, in_kernel32 | in_ntdll);

}  // namespace

}  // namespace instdrv::winapi::ntdll
