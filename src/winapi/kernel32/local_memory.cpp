// LocalAlloc, GlobalAlloc and their relatives, which share one set of handles.
//
// A fixed block's handle is its address. A movable block's handle is the address of its Entry plus
// 8: blocks and entries are aligned to 16 bytes, so bit 3 tells the two apart.
// https://learn.microsoft.com/windows/win32/memory/global-and-local-functions
#include <cstring>
#include <map>
#include <mutex>

#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr UINT GMEM_MOVEABLE = 0x2;
constexpr UINT GMEM_ZEROINIT = 0x40;
constexpr UINT GMEM_MODIFY = 0x80;
constexpr UINT GMEM_DISCARDED = 0x4000;
constexpr UINT GMEM_INVALID_HANDLE = 0x8000;
constexpr UINT largest_lock_count = 0xFF;

struct alignas(16) Entry {
    void* block;  // null: discarded
    UINT locks;
};

class Entries {
public:
    HANDLE add(void* block) {
        auto* const entry = static_cast<Entry*>(allocate(sizeof(Entry)));
        if (entry == nullptr) return nullptr;
        *entry = {block, 0};
        const std::lock_guard lock(mutex_);
        by_block_.emplace(block, entry);
        return handle_of(entry);
    }

    // Calls `use` with the entry of a movable block under the lock. False: not such a handle.
    template <class Use>
    bool with(const void* handle, Use use) {
        if (!is_movable(handle)) return false;
        const std::lock_guard lock(mutex_);
        Entry* const entry = entry_of(handle);
        if (!process_heap().owns(entry)) return false;
        use(*entry);
        return true;
    }

    void set_block(Entry& entry, void* block) {  // under the lock, from `with`
        by_block_.erase(entry.block);
        entry.block = block;
        by_block_.emplace(block, &entry);
    }

    HANDLE find(const void* block) {
        const std::lock_guard lock(mutex_);
        const auto found = by_block_.find(block);
        return found == by_block_.end() ? nullptr : handle_of(found->second);
    }

    bool remove(HANDLE handle) {
        const bool known = with(handle, [&](Entry& entry) {
            by_block_.erase(entry.block);
            release(entry.block);
        });
        if (known) release(entry_of(handle));
        return known;
    }

    static bool is_movable(const void* handle) {
        return reinterpret_cast<std::uintptr_t>(handle) % 16 == 8;
    }

private:
    static HANDLE handle_of(Entry* entry) { return reinterpret_cast<std::byte*>(entry) + 8; }
    static Entry* entry_of(const void* handle) {
        return reinterpret_cast<Entry*>(reinterpret_cast<std::uintptr_t>(handle) - 8);
    }

    std::mutex mutex_;
    std::map<const void*, Entry*> by_block_;
};

Entries& entries() {
    static auto* const table = new Entries;  // threads of drivers may outlive everything else
    return *table;
}

HANDLE GlobalAlloc(UINT flags, SIZE_T size) {
    void* const block = process_heap().allocate(size, (flags & GMEM_ZEROINIT) != 0);
    if (block == nullptr) return fail(ERROR_NOT_ENOUGH_MEMORY, nullptr);
    if ((flags & GMEM_MOVEABLE) == 0) return block;
    HANDLE const handle = entries().add(block);
    if (handle == nullptr) {
        release(block);
        return fail(ERROR_NOT_ENOUGH_MEMORY, nullptr);
    }
    return handle;
}
WINAPI_EXPORT(GlobalAlloc, in_kernel32);
WINAPI_EXPORT_AS("LocalAlloc", in_kernel32, GlobalAlloc);

// Null: freed. The handle itself: it was none.
HANDLE GlobalFree(HANDLE handle) {
    if (handle == nullptr) return nullptr;
    const bool freed =
        Entries::is_movable(handle) ? entries().remove(handle) : process_heap().release(handle);
    return freed ? nullptr : fail(ERROR_INVALID_HANDLE, handle);
}
WINAPI_EXPORT(GlobalFree, in_kernel32);
WINAPI_EXPORT_AS("LocalFree", in_kernel32, GlobalFree);

void* GlobalLock(HANDLE handle) {
    if (!Entries::is_movable(handle)) {
        return process_heap().owns(handle) ? handle : fail(ERROR_INVALID_HANDLE, nullptr);
    }
    void* block = nullptr;
    const bool known = entries().with(handle, [&](Entry& entry) {
        if (entry.block != nullptr && entry.locks < largest_lock_count) ++entry.locks;
        block = entry.block;
    });
    return known ? block : fail(ERROR_INVALID_HANDLE, nullptr);
}
WINAPI_EXPORT(GlobalLock, in_kernel32);
WINAPI_EXPORT_AS("LocalLock", in_kernel32, GlobalLock);

// FALSE with no error once the block is no longer locked.
BOOL GlobalUnlock(HANDLE handle) {
    if (!Entries::is_movable(handle)) return TRUE;
    UINT locks = 0;
    bool was_locked = false;
    const bool known = entries().with(handle, [&](Entry& entry) {
        was_locked = entry.locks > 0;
        if (was_locked) --entry.locks;
        locks = entry.locks;
    });
    if (!known) return fail(ERROR_INVALID_HANDLE, FALSE);
    set_last_error(was_locked ? ERROR_SUCCESS : ERROR_NOT_LOCKED);
    return locks != 0 ? TRUE : FALSE;
}
WINAPI_EXPORT(GlobalUnlock, in_kernel32);
WINAPI_EXPORT_AS("LocalUnlock", in_kernel32, GlobalUnlock);

SIZE_T GlobalSize(HANDLE handle) {
    if (!Entries::is_movable(handle)) {
        if (!process_heap().owns(handle)) return fail(ERROR_INVALID_HANDLE, SIZE_T{0});
        return Heap::size_of(handle);
    }
    SIZE_T size = 0;
    const bool known = entries().with(handle, [&](Entry& entry) {
        size = entry.block == nullptr ? 0 : Heap::size_of(entry.block);
    });
    return known ? size : fail(ERROR_INVALID_HANDLE, SIZE_T{0});
}
WINAPI_EXPORT(GlobalSize, in_kernel32);
WINAPI_EXPORT_AS("LocalSize", in_kernel32, GlobalSize);

UINT GlobalFlags(HANDLE handle) {
    if (!Entries::is_movable(handle)) {
        return process_heap().owns(handle) ? 0 : fail(ERROR_INVALID_HANDLE, GMEM_INVALID_HANDLE);
    }
    UINT flags = 0;
    const bool known = entries().with(handle, [&](Entry& entry) {
        flags = entry.locks | (entry.block == nullptr ? GMEM_DISCARDED : 0);
    });
    return known ? flags : fail(ERROR_INVALID_HANDLE, GMEM_INVALID_HANDLE);
}
WINAPI_EXPORT(GlobalFlags, in_kernel32);
WINAPI_EXPORT_AS("LocalFlags", in_kernel32, GlobalFlags);

HANDLE GlobalHandle(const void* block) {
    if (HANDLE const handle = entries().find(block)) return handle;
    if (process_heap().owns(block)) return const_cast<void*>(block);
    return fail(ERROR_INVALID_HANDLE, nullptr);
}
WINAPI_EXPORT(GlobalHandle, in_kernel32);
WINAPI_EXPORT_AS("LocalHandle", in_kernel32, GlobalHandle);

HANDLE reallocate_fixed(void* block, SIZE_T size, UINT flags) {
    if (!process_heap().owns(block)) return fail(ERROR_INVALID_HANDLE, nullptr);
    const bool may_move = (flags & GMEM_MOVEABLE) != 0;
    void* const moved =
        process_heap().reallocate(block, size, (flags & GMEM_ZEROINIT) != 0, !may_move);
    return moved != nullptr ? moved : fail(ERROR_NOT_ENOUGH_MEMORY, nullptr);
}

HANDLE GlobalReAlloc(HANDLE handle, SIZE_T size, UINT flags) {
    // Every block can do what GMEM_MODIFY would make of it.
    if ((flags & GMEM_MODIFY) != 0) return handle;
    if (!Entries::is_movable(handle)) return reallocate_fixed(handle, size, flags);
    bool grown = false;
    const bool known = entries().with(handle, [&](Entry& entry) {
        const bool pinned = entry.locks > 0 && (flags & GMEM_MOVEABLE) == 0;
        void* const moved =
            process_heap().reallocate(entry.block, size, (flags & GMEM_ZEROINIT) != 0, pinned);
        grown = moved != nullptr;
        if (grown) entries().set_block(entry, moved);
    });
    if (!known) return fail(ERROR_INVALID_HANDLE, nullptr);
    return grown ? handle : fail(ERROR_NOT_ENOUGH_MEMORY, nullptr);
}
WINAPI_EXPORT(GlobalReAlloc, in_kernel32, Coverage::partial, "GMEM_MODIFY changes nothing");
WINAPI_EXPORT_AS("LocalReAlloc", in_kernel32, GlobalReAlloc, Coverage::partial,
                 "LMEM_MODIFY changes nothing");

}  // namespace

}  // namespace instdrv::winapi::kernel32
