// Singly linked lists that threads share.
// https://learn.microsoft.com/windows/win32/sync/interlocked-singly-linked-lists
#include <mutex>

#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

struct ListEntry {
    ListEntry* next;
};

struct alignas(2 * sizeof(void*)) List {
    ListEntry* first;
    DWORD_PTR depth;
};

// One lock for all lists: Windows' own lock-free form cannot be told apart by who uses it.
std::mutex& list_mutex() {
    static std::mutex mutex;
    return mutex;
}

void InitializeSListHead(List* list) { *list = List{}; }
WINAPI_EXPORT(InitializeSListHead, in_kernel32);

ListEntry* InterlockedPushEntrySList(List* list, ListEntry* entry) {
    const std::lock_guard lock(list_mutex());
    ListEntry* const previous = list->first;
    entry->next = previous;
    list->first = entry;
    ++list->depth;
    return previous;
}
WINAPI_EXPORT(InterlockedPushEntrySList, in_kernel32);

ListEntry* InterlockedPopEntrySList(List* list) {
    const std::lock_guard lock(list_mutex());
    ListEntry* const entry = list->first;
    if (entry == nullptr) return nullptr;
    list->first = entry->next;
    --list->depth;
    return entry;
}
WINAPI_EXPORT(InterlockedPopEntrySList, in_kernel32);

ListEntry* InterlockedFlushSList(List* list) {
    const std::lock_guard lock(list_mutex());
    ListEntry* const entries = list->first;
    *list = List{};
    return entries;
}
WINAPI_EXPORT(InterlockedFlushSList, in_kernel32);

WORD QueryDepthSList(List* list) {
    const std::lock_guard lock(list_mutex());
    return static_cast<WORD>(list->depth);
}
WINAPI_EXPORT(QueryDepthSList, in_kernel32);

}  // namespace

}  // namespace instdrv::winapi::kernel32
