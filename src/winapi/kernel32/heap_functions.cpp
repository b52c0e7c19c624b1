// HeapAlloc and its relatives.
// https://learn.microsoft.com/windows/win32/memory/heap-functions
#include <memory>

#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD HEAP_ZERO_MEMORY = 0x8;
constexpr DWORD HEAP_REALLOC_IN_PLACE_ONLY = 0x10;

constexpr std::string_view no_exception =
    "HEAP_GENERATE_EXCEPTIONS is ignored: lack of memory is always a null pointer";

Heap& heap_of(HANDLE handle) { return *static_cast<Heap*>(handle); }

HANDLE GetProcessHeap() { return &process_heap(); }
WINAPI_EXPORT(GetProcessHeap, in_kernel32);

DWORD GetProcessHeaps(DWORD count, HANDLE* heaps) {
    if (count >= 1) heaps[0] = &process_heap();
    return 1;
}
WINAPI_EXPORT(GetProcessHeaps, in_kernel32, Coverage::partial, "names the process heap only");

HANDLE HeapCreate(DWORD, SIZE_T, SIZE_T) { return std::make_unique<Heap>().release(); }
WINAPI_EXPORT(HeapCreate, in_kernel32, Coverage::partial, "no limit on the size");

BOOL HeapDestroy(HANDLE heap) {
    if (heap == nullptr || heap == &process_heap()) return fail(ERROR_INVALID_HANDLE, FALSE);
    const std::unique_ptr<Heap> ended(&heap_of(heap));
    return TRUE;
}
WINAPI_EXPORT(HeapDestroy, in_kernel32);

void* HeapAlloc(HANDLE heap, DWORD flags, SIZE_T size) {
    return heap_of(heap).allocate(size, (flags & HEAP_ZERO_MEMORY) != 0);
}
WINAPI_EXPORT(HeapAlloc, in_kernel32, Coverage::partial, no_exception);

void* HeapReAlloc(HANDLE heap, DWORD flags, void* block, SIZE_T size) {
    if (block == nullptr) return nullptr;
    return heap_of(heap).reallocate(block, size, (flags & HEAP_ZERO_MEMORY) != 0,
                                    (flags & HEAP_REALLOC_IN_PLACE_ONLY) != 0);
}
WINAPI_EXPORT(HeapReAlloc, in_kernel32, Coverage::partial, no_exception);

BOOL HeapFree(HANDLE heap, DWORD, void* block) {
    if (block == nullptr || heap_of(heap).release(block)) return TRUE;
    return fail(ERROR_INVALID_PARAMETER, FALSE);
}
WINAPI_EXPORT(HeapFree, in_kernel32);

SIZE_T HeapSize(HANDLE heap, DWORD, const void* block) {
    if (!heap_of(heap).owns(block)) return fail(ERROR_INVALID_PARAMETER, ~SIZE_T{0});
    return Heap::size_of(block);
}
WINAPI_EXPORT(HeapSize, in_kernel32);

BOOL HeapValidate(HANDLE heap, DWORD, const void* block) {
    return block == nullptr || heap_of(heap).owns(block) ? TRUE : FALSE;
}
WINAPI_EXPORT(HeapValidate, in_kernel32, Coverage::partial, "single blocks only");

SIZE_T HeapCompact(HANDLE, DWORD) { return SIZE_T{1} << 20; }
WINAPI_EXPORT(HeapCompact, in_kernel32, Coverage::partial,
              "compacts nothing and always says that 1 MiB is free");

BOOL HeapSetInformation(HANDLE, int, void*, SIZE_T) { return TRUE; }
WINAPI_EXPORT(HeapSetInformation, in_kernel32, Coverage::partial, "accepted without effect");

BOOL HeapLock(HANDLE) { return TRUE; }
WINAPI_EXPORT(HeapLock, in_kernel32, Coverage::partial, "other threads are not kept out");

BOOL HeapUnlock(HANDLE) { return TRUE; }
WINAPI_EXPORT(HeapUnlock, in_kernel32, Coverage::partial, "see HeapLock");

WINAPI_EXPORT_AS("RtlAllocateHeap", in_ntdll, HeapAlloc, Coverage::partial, no_exception);
WINAPI_EXPORT_AS("RtlFreeHeap", in_ntdll, HeapFree);
WINAPI_EXPORT_AS("RtlReAllocateHeap", in_ntdll, HeapReAlloc, Coverage::partial, no_exception);
WINAPI_EXPORT_AS("RtlSizeHeap", in_ntdll, HeapSize);

}  // namespace
}  // namespace instdrv::winapi::kernel32
