// Singly linked lists that threads share.
// https://learn.microsoft.com/windows/win32/sync/interlocked-singly-linked-lists
#include <mutex>

#include "winapi/abi.hpp"
#include "winapi/kernel32/topics.hpp"

namespace instdrv::winapi {
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

void WINFN InitializeSListHead(List* list) { *list = List{}; }

ListEntry* WINFN InterlockedPushEntrySList(List* list, ListEntry* entry) {
    const std::lock_guard lock(list_mutex());
    ListEntry* const previous = list->first;
    entry->next = previous;
    list->first = entry;
    ++list->depth;
    return previous;
}

ListEntry* WINFN InterlockedPopEntrySList(List* list) {
    const std::lock_guard lock(list_mutex());
    ListEntry* const entry = list->first;
    if (entry == nullptr) return nullptr;
    list->first = entry->next;
    --list->depth;
    return entry;
}

ListEntry* WINFN InterlockedFlushSList(List* list) {
    const std::lock_guard lock(list_mutex());
    ListEntry* const entries = list->first;
    *list = List{};
    return entries;
}

WORD WINFN QueryDepthSList(List* list) {
    const std::lock_guard lock(list_mutex());
    return static_cast<WORD>(list->depth);
}

}  // namespace

std::span<const Export> list_exports() {
    static const Export table[] = {
        {"InitializeSListHead", address_of(InitializeSListHead)},
        {"InterlockedFlushSList", address_of(InterlockedFlushSList)},
        {"InterlockedPopEntrySList", address_of(InterlockedPopEntrySList)},
        {"InterlockedPushEntrySList", address_of(InterlockedPushEntrySList)},
        {"QueryDepthSList", address_of(QueryDepthSList)},
    };
    return table;
}

}  // namespace instdrv::winapi
