// malloc and its relatives on the process heap, and blocks of bytes.
// https://learn.microsoft.com/cpp/c-runtime-library/memory-allocation
#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/letters.hpp"
#include "winapi/crt/passed_on.hpp"
#include "winapi/crt/topics.hpp"
#include "winapi/heap.hpp"

namespace instdrv::winapi::crt {
namespace {

void* or_no_memory(void* block) {
    if (block == nullptr) error_number() = ENOMEM;
    return block;
}

void* WINFN_C crt_malloc(SIZE_T size) { return or_no_memory(allocate(size)); }

void* WINFN_C crt_calloc(SIZE_T count, SIZE_T size) {
    SIZE_T total = 0;
    if (__builtin_mul_overflow(count, size, &total)) return or_no_memory(nullptr);
    return or_no_memory(allocate_zeroed(total));
}

void* WINFN_C crt_realloc(void* block, SIZE_T size) {
    if (size == 0 && block != nullptr) {
        release(block);
        return nullptr;
    }
    return or_no_memory(reallocate(block, size));
}

void* WINFN_C recalloc(void* block, SIZE_T count, SIZE_T size) {
    SIZE_T total = 0;
    if (__builtin_mul_overflow(count, size, &total)) return or_no_memory(nullptr);
    if (block == nullptr) return or_no_memory(allocate_zeroed(total));
    return or_no_memory(process_heap().reallocate(block, total, true));
}

void WINFN_C crt_free(void* block) { release(block); }

SIZE_T WINFN_C msize(void* block) { return Heap::size_of(block); }

void* WINFN_C expand(void* block, SIZE_T size) {
    return process_heap().reallocate(block, size, false, true);
}

// An aligned block is cut from a bigger one, whose address stands before it.
void* WINFN_C aligned_malloc(SIZE_T size, SIZE_T alignment) {
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

void WINFN_C aligned_free(void* aligned) {
    if (aligned != nullptr) release(static_cast<void**>(aligned)[-1]);
}

void* WINFN_C aligned_realloc(void* aligned, SIZE_T size, SIZE_T alignment) {
    if (aligned == nullptr) return aligned_malloc(size, alignment);
    if (size == 0) {
        aligned_free(aligned);
        return nullptr;
    }
    void* const block = static_cast<void**>(aligned)[-1];
    const auto before =
        static_cast<SIZE_T>(static_cast<char*>(aligned) - static_cast<char*>(block));
    void* const grown = aligned_malloc(size, alignment);
    if (grown == nullptr) return nullptr;
    std::memcpy(grown, aligned, std::min(size, Heap::size_of(block) - before));
    aligned_free(aligned);
    return grown;
}

void* WINFN_C heap_handle() { return &process_heap(); }
int WINFN_C compact_heap() { return 0; }

int WINFN_C set_new_mode(int) { return 0; }

int WINFN_C callnewh(SIZE_T) { return 0; }

int WINFN_C heapchk() {
    constexpr int heap_is_sound = -2;
    return heap_is_sound;
}

int WINFN_C memicmp(const char* a, const char* b, SIZE_T length) {
    for (; length > 0; --length, ++a, ++b) {
        const int difference = lower_case(code_of(*a)) - lower_case(code_of(*b));
        if (difference != 0) return difference;
    }
    return 0;
}

int WINFN_C memcpy_s(void* to, SIZE_T room, const void* from, SIZE_T length) {
    if (length == 0) return 0;
    if (to == nullptr) return fail_with(EINVAL, EINVAL);
    if (from == nullptr || room < length) {
        std::memset(to, 0, room);
        return fail_with(from == nullptr ? EINVAL : ERANGE, from == nullptr ? EINVAL : ERANGE);
    }
    std::memcpy(to, from, length);
    return 0;
}

int WINFN_C memmove_s(void* to, SIZE_T room, const void* from, SIZE_T length) {
    if (length == 0) return 0;
    if (to == nullptr || from == nullptr) return fail_with(EINVAL, EINVAL);
    if (room < length) return fail_with(ERANGE, ERANGE);
    std::memmove(to, from, length);
    return 0;
}

}  // namespace

std::span<const Export> memory_exports() {
    static const Export table[] = {
        {"_aligned_free", address_of(aligned_free)},
        {"_aligned_malloc", address_of(aligned_malloc)},
        {"_aligned_realloc", address_of(aligned_realloc)},
        {"_callnewh", address_of(callnewh), Coverage::stub, "there is no new handler: 0"},
        {"_expand", address_of(expand)},
        {"_get_heap_handle", address_of(heap_handle)},
        {"_heapchk", address_of(heapchk), Coverage::partial, "always says that the heap is sound"},
        {"_heapmin", address_of(compact_heap), Coverage::partial, "compacts nothing"},
        {"_memicmp", address_of(memicmp)},
        {"_msize", address_of(msize)},
        {"_recalloc", address_of(recalloc)},
        {"_set_new_mode", address_of(set_new_mode), Coverage::partial, "accepted without effect"},
        {"calloc", address_of(crt_calloc)},
        {"free", address_of(crt_free)},
        {"malloc", address_of(crt_malloc)},
        passed_on<const void*(const void*, int, SIZE_T), std::memchr>("memchr"),
        passed_on<int(const void*, const void*, SIZE_T), std::memcmp>("memcmp"),
        passed_on<void*(void*, const void*, SIZE_T), std::memcpy>("memcpy"),
        {"memcpy_s", address_of(memcpy_s)},
        passed_on<void*(void*, const void*, SIZE_T), std::memmove>("memmove"),
        {"memmove_s", address_of(memmove_s)},
        passed_on<void*(void*, int, SIZE_T), std::memset>("memset"),
        {"realloc", address_of(crt_realloc)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
