#include <algorithm>
#include <cstring>

#include "winapi/abi.hpp"
#include "winapi/ntdll/topics.hpp"

namespace instdrv::winapi {
namespace {

void WINFN RtlMoveMemory(void* target, const void* source, SIZE_T size) {
    std::memmove(target, source, size);
}

void WINFN RtlFillMemory(void* target, SIZE_T size, BYTE value) {
    std::memset(target, value, size);
}

void WINFN RtlZeroMemory(void* target, SIZE_T size) { std::memset(target, 0, size); }

// The number of bytes before the first difference.
SIZE_T WINFN RtlCompareMemory(const BYTE* a, const BYTE* b, SIZE_T size) {
    return static_cast<SIZE_T>(std::mismatch(a, a + size, b).first - a);
}

}  // namespace

std::span<const Export> rtl_memory_exports() {
    static const Export table[] = {
        {"RtlCompareMemory", address_of(RtlCompareMemory)},
        {"RtlCopyMemory", address_of(RtlMoveMemory)},
        {"RtlFillMemory", address_of(RtlFillMemory)},
        {"RtlMoveMemory", address_of(RtlMoveMemory)},
        {"RtlZeroMemory", address_of(RtlZeroMemory)},
    };
    return table;
}

}  // namespace instdrv::winapi
