// qsort, bsearch and linear searches, whose comparison functions are the driver's.
// https://learn.microsoft.com/cpp/c-runtime-library/searching-and-sorting
//
// A comparison may end the driver's call, so nothing here owns memory.
#include <algorithm>

#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi::crt {
namespace {

using Compare = int(WINFN_C*)(const void*, const void*);
using CompareWith = int(WINFN_C*)(void* context, const void*, const void*);

// Items of a size that is known only here, sorted as a heap: in place, and never slower than n log
// n.
template <class Less>
class HeapSort {
public:
    HeapSort(char* items, SIZE_T size, Less less) : items_(items), size_(size), less_(less) {}

    void run(SIZE_T count) {
        for (SIZE_T root = count / 2; root > 0; --root)
            sift_down(root - 1, count);
        for (SIZE_T rest = count; rest > 1; --rest) {
            swap(0, rest - 1);
            sift_down(0, rest - 1);
        }
    }

private:
    char* at(SIZE_T index) const { return items_ + index * size_; }
    void swap(SIZE_T a, SIZE_T b) { std::swap_ranges(at(a), at(a) + size_, at(b)); }

    void sift_down(SIZE_T root, SIZE_T count) {
        for (SIZE_T child = 2 * root + 1; child < count; child = 2 * root + 1) {
            if (child + 1 < count && less_(at(child), at(child + 1))) ++child;
            if (!less_(at(root), at(child))) return;
            swap(root, child);
            root = child;
        }
    }

    char* items_;
    SIZE_T size_;
    Less less_;
};

template <class Less>
void sort(void* items, SIZE_T count, SIZE_T size, Less less) {
    HeapSort(static_cast<char*>(items), size, less).run(count);
}

template <class Order>
void* search(const void* key, const void* items, SIZE_T count, SIZE_T size, Order order) {
    const auto* first = static_cast<const char*>(items);
    while (count > 0) {
        const char* const middle = first + count / 2 * size;
        const int difference = order(key, middle);
        if (difference == 0) return const_cast<char*>(middle);
        if (difference > 0) {
            first = middle + size;
            count -= count / 2 + 1;
        } else {
            count /= 2;
        }
    }
    return nullptr;
}

void crt_qsort(void* items, SIZE_T count, SIZE_T size, Compare compare) {
    sort(items, count, size, [=](const void* a, const void* b) { return compare(a, b) < 0; });
}
CRT_EXPORT_AS("qsort", in_crt | in_ntdll, crt_qsort);

void qsort_s(void* items, SIZE_T count, SIZE_T size, CompareWith compare, void* context) {
    sort(items, count, size,
         [=](const void* a, const void* b) { return compare(context, a, b) < 0; });
}
CRT_EXPORT(qsort_s, in_crt);

void* crt_bsearch(const void* key, const void* items, SIZE_T count, SIZE_T size, Compare compare) {
    return search(key, items, count, size, compare);
}
CRT_EXPORT_AS("bsearch", in_crt | in_ntdll, crt_bsearch);

void* bsearch_s(const void* key, const void* items, SIZE_T count, SIZE_T size, CompareWith compare,
                void* context) {
    return search(key, items, count, size,
                  [=](const void* a, const void* b) { return compare(context, a, b); });
}
CRT_EXPORT(bsearch_s, in_crt);

void* _lfind(const void* key, const void* items, unsigned* count, unsigned size, Compare compare) {
    const auto* item = static_cast<const char*>(items);
    for (unsigned i = 0; i < *count; ++i, item += size) {
        if (compare(key, item) == 0) return const_cast<char*>(item);
    }
    return nullptr;
}
CRT_EXPORT(_lfind, in_crt);

void* _lsearch(const void* key, void* items, unsigned* count, unsigned size, Compare compare) {
    if (void* const found = _lfind(key, items, count, size, compare)) return found;
    char* const added = static_cast<char*>(items) + SIZE_T{*count} * size;
    std::copy_n(static_cast<const char*>(key), size, added);
    ++*count;
    return added;
}
CRT_EXPORT(_lsearch, in_crt);

}  // namespace

}  // namespace instdrv::winapi::crt
