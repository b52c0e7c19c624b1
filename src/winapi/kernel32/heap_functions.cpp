// HeapAlloc and its relatives.
// https://learn.microsoft.com/windows/win32/memory/heap-functions
#include <memory>

#include "winapi/heap.hpp"
#include "winapi/kernel32/topics.hpp"
#include "winapi/last_error.hpp"

namespace instdrv::winapi {
namespace {

constexpr DWORD HEAP_ZERO_MEMORY = 0x8;
constexpr DWORD HEAP_REALLOC_IN_PLACE_ONLY = 0x10;

constexpr std::string_view no_exception =
    "HEAP_GENERATE_EXCEPTIONS is ignored: lack of memory is always a null pointer";

Heap& heap_of(HANDLE handle) { return *static_cast<Heap*>(handle); }

HANDLE WINFN GetProcessHeap() { return &process_heap(); }

DWORD WINFN GetProcessHeaps(DWORD count, HANDLE* heaps) {
    if (count >= 1) heaps[0] = &process_heap();
    return 1;
}

HANDLE WINFN HeapCreate(DWORD, SIZE_T, SIZE_T) { return std::make_unique<Heap>().release(); }

BOOL WINFN HeapDestroy(HANDLE heap) {
    if (heap == nullptr || heap == &process_heap()) return fail(ERROR_INVALID_HANDLE, FALSE);
    const std::unique_ptr<Heap> ended(&heap_of(heap));
    return TRUE;
}

void* WINFN HeapAlloc(HANDLE heap, DWORD flags, SIZE_T size) {
    return heap_of(heap).allocate(size, (flags & HEAP_ZERO_MEMORY) != 0);
}

void* WINFN HeapReAlloc(HANDLE heap, DWORD flags, void* block, SIZE_T size) {
    if (block == nullptr) return nullptr;
    return heap_of(heap).reallocate(block, size, (flags & HEAP_ZERO_MEMORY) != 0,
                                    (flags & HEAP_REALLOC_IN_PLACE_ONLY) != 0);
}

BOOL WINFN HeapFree(HANDLE heap, DWORD, void* block) {
    if (block == nullptr || heap_of(heap).release(block)) return TRUE;
    return fail(ERROR_INVALID_PARAMETER, FALSE);
}

SIZE_T WINFN HeapSize(HANDLE heap, DWORD, const void* block) {
    if (!heap_of(heap).owns(block)) return fail(ERROR_INVALID_PARAMETER, ~SIZE_T{0});
    return Heap::size_of(block);
}

BOOL WINFN HeapValidate(HANDLE heap, DWORD, const void* block) {
    return block == nullptr || heap_of(heap).owns(block) ? TRUE : FALSE;
}

SIZE_T WINFN HeapCompact(HANDLE, DWORD) { return SIZE_T{1} << 20; }

BOOL WINFN HeapSetInformation(HANDLE, int, void*, SIZE_T) { return TRUE; }

BOOL WINFN HeapLock(HANDLE) { return TRUE; }

BOOL WINFN HeapUnlock(HANDLE) { return TRUE; }

}  // namespace

std::span<const Export> heap_exports() {
    static const Export table[] = {
        {"GetProcessHeap", address_of(GetProcessHeap)},
        {"GetProcessHeaps", address_of(GetProcessHeaps), Coverage::partial,
         "names the process heap only"},
        {"HeapAlloc", address_of(HeapAlloc), Coverage::partial, no_exception},
        {"HeapCompact", address_of(HeapCompact), Coverage::partial,
         "compacts nothing and always says that 1 MiB is free"},
        {"HeapCreate", address_of(HeapCreate), Coverage::partial, "no limit on the size"},
        {"HeapDestroy", address_of(HeapDestroy)},
        {"HeapFree", address_of(HeapFree)},
        {"HeapLock", address_of(HeapLock), Coverage::partial, "other threads are not kept out"},
        {"HeapReAlloc", address_of(HeapReAlloc), Coverage::partial, no_exception},
        {"HeapSetInformation", address_of(HeapSetInformation), Coverage::partial,
         "accepted without effect"},
        {"HeapSize", address_of(HeapSize)},
        {"HeapUnlock", address_of(HeapUnlock), Coverage::partial, "see HeapLock"},
        {"HeapValidate", address_of(HeapValidate), Coverage::partial, "single blocks only"},
    };
    return table;
}

// The same functions by their other names.
std::span<const Export> rtl_heap_exports() {
    static const Export table[] = {
        {"RtlAllocateHeap", address_of(HeapAlloc), Coverage::partial, no_exception},
        {"RtlFreeHeap", address_of(HeapFree)},
        {"RtlReAllocateHeap", address_of(HeapReAlloc), Coverage::partial, no_exception},
        {"RtlSizeHeap", address_of(HeapSize)},
    };
    return table;
}

}  // namespace instdrv::winapi
