// malloc and its relatives on the process heap, and blocks of bytes.
// https://learn.microsoft.com/cpp/c-runtime-library/memory-allocation
#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "winapi/crt/letters.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

void* or_no_memory(void* block) {
    if (block == nullptr) error_number() = ENOMEM;
    return block;
}

void* crt_malloc(SIZE_T size) { return or_no_memory(allocate(size)); }
CRT_EXPORT_AS("malloc", in_crt, crt_malloc);

void* crt_calloc(SIZE_T count, SIZE_T size) {
    SIZE_T total = 0;
    if (__builtin_mul_overflow(count, size, &total)) return or_no_memory(nullptr);
    return or_no_memory(allocate_zeroed(total));
}
CRT_EXPORT_AS("calloc", in_crt, crt_calloc);

void* crt_realloc(void* block, SIZE_T size) {
    if (size == 0 && block != nullptr) {
        release(block);
        return nullptr;
    }
    return or_no_memory(reallocate(block, size));
}
CRT_EXPORT_AS("realloc", in_crt, crt_realloc);

void* _recalloc(void* block, SIZE_T count, SIZE_T size) {
    SIZE_T total = 0;
    if (__builtin_mul_overflow(count, size, &total)) return or_no_memory(nullptr);
    if (block == nullptr) return or_no_memory(allocate_zeroed(total));
    return or_no_memory(process_heap().reallocate(block, total, true));
}
CRT_EXPORT(_recalloc, in_crt);

void crt_free(void* block) { release(block); }
CRT_EXPORT_AS("free", in_crt, crt_free);

SIZE_T _msize(void* block) { return Heap::size_of(block); }
CRT_EXPORT(_msize, in_crt);

void* _expand(void* block, SIZE_T size) {
    return process_heap().reallocate(block, size, false, true);
}
CRT_EXPORT(_expand, in_crt);

// An aligned block is cut from a bigger one, whose address stands before it.
void* _aligned_malloc(SIZE_T size, SIZE_T alignment) {
    if (!std::has_single_bit(alignment)) return or_no_memory(nullptr);
    alignment = std::max(alignment, sizeof(void*));
    SIZE_T total = 0;
    if (__builtin_add_overflow(size, alignment + sizeof(void*), &total)) {
        return or_no_memory(nullptr);
    }
    void* const block = allocate(total);
    if (block == nullptr) return or_no_memory(nullptr);
    const auto first = reinterpret_cast<std::uintptr_t>(block) + sizeof(void*);
    auto* const aligned = reinterpret_cast<void**>((first + alignment - 1) & ~(alignment - 1));
    aligned[-1] = block;
    return aligned;
}
CRT_EXPORT(_aligned_malloc, in_crt);

void _aligned_free(void* aligned) {
    if (aligned != nullptr) release(static_cast<void**>(aligned)[-1]);
}
CRT_EXPORT(_aligned_free, in_crt);

void* _aligned_realloc(void* aligned, SIZE_T size, SIZE_T alignment) {
    if (aligned == nullptr) return _aligned_malloc(size, alignment);
    if (size == 0) {
        _aligned_free(aligned);
        return nullptr;
    }
    void* const block = static_cast<void**>(aligned)[-1];
    const auto before =
        static_cast<SIZE_T>(static_cast<char*>(aligned) - static_cast<char*>(block));
    void* const grown = _aligned_malloc(size, alignment);
    if (grown == nullptr) return nullptr;
    std::memcpy(grown, aligned, std::min(size, Heap::size_of(block) - before));
    _aligned_free(aligned);
    return grown;
}
CRT_EXPORT(_aligned_realloc, in_crt);

void* _get_heap_handle() { return &process_heap(); }
CRT_EXPORT(_get_heap_handle, in_crt);
int _heapmin() { return 0; }
CRT_EXPORT(_heapmin, in_crt, Coverage::partial, "compacts nothing");

int _set_new_mode(int) { return 0; }
CRT_EXPORT(_set_new_mode, in_crt, Coverage::partial, "accepted without effect");

int _callnewh(SIZE_T) { return 0; }
CRT_EXPORT(_callnewh, in_crt, Coverage::stub, "there is no new handler: 0");

int _heapchk() {
    constexpr int heap_is_sound = -2;
    return heap_is_sound;
}
CRT_EXPORT(_heapchk, in_crt, Coverage::partial, "always says that the heap is sound");

int _memicmp(const char* a, const char* b, SIZE_T length) {
    for (; length > 0; --length, ++a, ++b) {
        const int difference = lower_case(code_of(*a)) - lower_case(code_of(*b));
        if (difference != 0) return difference;
    }
    return 0;
}
CRT_EXPORT(_memicmp, in_crt | in_ntdll | with_locale);

int memcpy_s(void* to, SIZE_T room, const void* from, SIZE_T length) {
    if (length == 0) return 0;
    if (to == nullptr) return fail_with(EINVAL, EINVAL);
    if (from == nullptr || room < length) {
        std::memset(to, 0, room);
        return fail_with(from == nullptr ? EINVAL : ERANGE, from == nullptr ? EINVAL : ERANGE);
    }
    std::memcpy(to, from, length);
    return 0;
}
CRT_EXPORT(memcpy_s, in_crt);

int memmove_s(void* to, SIZE_T room, const void* from, SIZE_T length) {
    if (length == 0) return 0;
    if (to == nullptr || from == nullptr) return fail_with(EINVAL, EINVAL);
    if (room < length) return fail_with(ERANGE, ERANGE);
    std::memmove(to, from, length);
    return 0;
}
CRT_EXPORT(memmove_s, in_crt);

}  // namespace

CRT_EXPORT_AS("memchr", in_crt | in_ntdll | in_vcruntime140,
              (libc<const void*(const void*, int, SIZE_T)>(std::memchr)));
CRT_EXPORT_AS("memcmp", in_crt | in_ntdll | in_vcruntime140,
              (libc<int(const void*, const void*, SIZE_T)>(std::memcmp)));
CRT_EXPORT_AS("memcpy", in_crt | in_ntdll | in_vcruntime140,
              (libc<void*(void*, const void*, SIZE_T)>(std::memcpy)));
CRT_EXPORT_AS("memmove", in_crt | in_ntdll | in_vcruntime140,
              (libc<void*(void*, const void*, SIZE_T)>(std::memmove)));
CRT_EXPORT_AS("memset", in_crt | in_ntdll | in_vcruntime140,
              (libc<void*(void*, int, SIZE_T)>(std::memset)));

}  // namespace instdrv::winapi::crt
