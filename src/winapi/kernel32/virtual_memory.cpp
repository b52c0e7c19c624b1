// VirtualAlloc and its relatives, and the questions whether memory can be touched.
// https://learn.microsoft.com/windows/win32/memory/virtual-memory-functions
//
// Memory is never writable and executable at once: asking for that is denied.
#include <algorithm>

#include <sys/mman.h>

#include "winapi/exports/export.hpp"
#include "winapi/memory/memory_map.hpp"
#include "winapi/memory/reservations.hpp"
#include "winapi/process/process.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD MEM_COMMIT = 0x1000;
constexpr DWORD MEM_RESERVE = 0x2000;
constexpr DWORD MEM_DECOMMIT = 0x4000;
constexpr DWORD MEM_RELEASE = 0x8000;
constexpr DWORD MEM_FREE = 0x10000;
constexpr DWORD MEM_TOP_DOWN = 0x100000;
constexpr DWORD MEM_PRIVATE = 0x20000;
constexpr DWORD MEM_IMAGE = 0x1000000;
constexpr DWORD PAGE_EXECUTE = 0x10;
constexpr DWORD PAGE_EXECUTE_READ = 0x20;
constexpr DWORD PAGE_EXECUTE_READWRITE = 0x40;
constexpr DWORD PAGE_EXECUTE_WRITECOPY = 0x80;

struct MemoryBasicInformation {
    void* BaseAddress;
    void* AllocationBase;
    DWORD AllocationProtect;
    SIZE_T RegionSize;
    DWORD State;
    DWORD Protect;
    DWORD Type;
};
static_assert(sizeof(MemoryBasicInformation) == (sizeof(void*) == 8 ? 48 : 28));

// PROT_* for a page protection; -1 with the last error set where there is none or it is denied.
int host_protection(DWORD protection) {
    switch (protection & 0xFF) {
        case PAGE_NOACCESS: return PROT_NONE;
        case PAGE_READONLY: return PROT_READ;
        case PAGE_READWRITE:
        case PAGE_WRITECOPY: return PROT_READ | PROT_WRITE;
        case PAGE_EXECUTE:
        case PAGE_EXECUTE_READ: return PROT_READ | PROT_EXEC;
        case PAGE_EXECUTE_READWRITE:
        case PAGE_EXECUTE_WRITECOPY: return fail(ERROR_ACCESS_DENIED, -1);
        default: return fail(ERROR_INVALID_PARAMETER, -1);
    }
}

DWORD windows_protection(int protection) {
    const bool writable = (protection & PROT_WRITE) != 0;
    if ((protection & PROT_EXEC) != 0) {
        return writable ? PAGE_EXECUTE_READWRITE : PAGE_EXECUTE_READ;
    }
    if (writable) return PAGE_READWRITE;
    return (protection & PROT_READ) != 0 ? PAGE_READONLY : PAGE_NOACCESS;
}

void* VirtualAlloc(void* address, SIZE_T size, DWORD type, DWORD protection) {
    const int host = host_protection(protection);
    if (host < 0) return nullptr;
    const bool commits = (type & MEM_COMMIT) != 0;
    const bool reserves = (type & MEM_RESERVE) != 0 || (commits && address == nullptr);
    const bool unknown = (type & ~(MEM_COMMIT | MEM_RESERVE | MEM_TOP_DOWN)) != 0;
    if (size == 0 || unknown || (!commits && !reserves)) {
        return fail(ERROR_INVALID_PARAMETER, nullptr);
    }
    if (reserves) {
        address = reservations().reserve(address, size);
        if (address == nullptr) return fail(ERROR_INVALID_ADDRESS, nullptr);
    }
    if (commits && !reservations().commit(address, size, host)) {
        if (reserves) reservations().release(address);
        return fail(reserves ? ERROR_NOT_ENOUGH_MEMORY : ERROR_INVALID_ADDRESS, nullptr);
    }
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    return reinterpret_cast<void*>(at & ~(page_size - 1));
}
WINAPI_EXPORT(VirtualAlloc, in_kernel32, Coverage::partial,
              "memory that is writable and executable at once is denied");

BOOL VirtualFree(void* address, SIZE_T size, DWORD type) {
    if (type == MEM_RELEASE) {
        if (size != 0) return fail(ERROR_INVALID_PARAMETER, FALSE);
        return reservations().release(address) ? TRUE : fail(ERROR_INVALID_ADDRESS, FALSE);
    }
    if (type != MEM_DECOMMIT) return fail(ERROR_INVALID_PARAMETER, FALSE);
    return reservations().decommit(address, size) ? TRUE : fail(ERROR_INVALID_ADDRESS, FALSE);
}
WINAPI_EXPORT(VirtualFree, in_kernel32);

BOOL VirtualProtect(void* address, SIZE_T size, DWORD protection, DWORD* old_protection) {
    const int host = host_protection(protection);
    if (host < 0) return FALSE;
    if (old_protection == nullptr) return fail(ERROR_NOACCESS, FALSE);
    if (size == 0 || !is_accessible(address, size, PROT_NONE)) {
        return fail(ERROR_INVALID_ADDRESS, FALSE);
    }
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    const MappedRange range = range_at(memory_map(), at);
    const std::uintptr_t begin = at & ~(page_size - 1);
    if (::mprotect(reinterpret_cast<void*>(begin), at + size - begin, host) != 0) {
        return fail(ERROR_ACCESS_DENIED, FALSE);
    }
    *old_protection = windows_protection(range.protection);
    return TRUE;
}
WINAPI_EXPORT(VirtualProtect, in_kernel32, Coverage::partial,
              "memory that is writable and executable at once is denied");

// The state and owner of the pages at `at`, which lie in no reservation.
MemoryBasicInformation describe_foreign(std::uintptr_t at, const MappedRange& range) {
    MemoryBasicInformation answer{};
    answer.State = range.mapped ? MEM_COMMIT : MEM_FREE;
    if (!range.mapped) return answer;
    const auto* const page = reinterpret_cast<const void*>(at);
    const pe::LoadedImage* const image = Process::instance().loader().find_by_address(page);
    answer.Type = image != nullptr ? MEM_IMAGE : MEM_PRIVATE;
    answer.AllocationBase = image != nullptr ? image->base() : reinterpret_cast<void*>(range.begin);
    return answer;
}

MemoryBasicInformation describe_reserved(const Reservation& owner) {
    MemoryBasicInformation answer{};
    answer.State = owner.committed ? MEM_COMMIT : MEM_RESERVE;
    answer.Type = MEM_PRIVATE;
    answer.AllocationBase = owner.base;
    return answer;
}

SIZE_T VirtualQuery(const void* address, MemoryBasicInformation* information, SIZE_T size) {
    if (size < sizeof *information) return fail(ERROR_BAD_LENGTH, SIZE_T{0});
    const auto at = reinterpret_cast<std::uintptr_t>(address) & ~(page_size - 1);
    const MappedRange range = range_at(memory_map(), at);
    const auto owner = reservations().find(at);
    MemoryBasicInformation answer = owner ? describe_reserved(*owner) : describe_foreign(at, range);
    answer.BaseAddress = reinterpret_cast<void*>(at);
    answer.RegionSize = (owner ? std::min(owner->run_end, range.end) : range.end) - at;
    if (answer.State == MEM_COMMIT) {
        answer.Protect = windows_protection(range.protection);
        answer.AllocationProtect = answer.Protect;
    }
    *information = answer;
    return sizeof answer;
}
WINAPI_EXPORT(VirtualQuery, in_kernel32, Coverage::partial,
              "AllocationProtect is the present protection, not the first");

BOOL VirtualLock(void*, SIZE_T) { return TRUE; }
WINAPI_EXPORT(VirtualLock, in_kernel32, Coverage::partial, "accepted without effect");

BOOL VirtualUnlock(void*, SIZE_T) { return TRUE; }
WINAPI_EXPORT(VirtualUnlock, in_kernel32, Coverage::partial, "accepted without effect");

BOOL FlushInstructionCache(HANDLE, const void* address, SIZE_T size) {
    auto* const begin = const_cast<char*>(static_cast<const char*>(address));
    __builtin___clear_cache(begin, begin + size);
    return TRUE;
}
WINAPI_EXPORT(FlushInstructionCache, in_kernel32);

BOOL IsBadReadPtr(const void* address, UINT_PTR size) {
    return is_accessible(address, size, PROT_READ) ? FALSE : TRUE;
}
WINAPI_EXPORT_AS("IsBadHugeReadPtr", in_kernel32, IsBadReadPtr);
WINAPI_EXPORT(IsBadReadPtr, in_kernel32);

BOOL IsBadWritePtr(void* address, UINT_PTR size) {
    return is_accessible(address, size, PROT_WRITE) ? FALSE : TRUE;
}
WINAPI_EXPORT_AS("IsBadHugeWritePtr", in_kernel32, IsBadWritePtr);
WINAPI_EXPORT(IsBadWritePtr, in_kernel32);

BOOL IsBadCodePtr(const void* address) {
    return is_accessible(address, 1, PROT_READ) ? FALSE : TRUE;
}
WINAPI_EXPORT(IsBadCodePtr, in_kernel32);

// Does the text end with a NUL, or reach its largest size, before memory ends that can be read?
template <class Character>
BOOL is_bad_string(const Character* text, UINT_PTR largest) {
    const std::size_t readable = readable_bytes(text) / sizeof(Character);
    const std::basic_string_view<Character> seen(text, std::min<std::size_t>(readable, largest));
    const bool ends = seen.size() == largest || seen.find(Character{0}) != seen.npos;
    return ends ? FALSE : TRUE;
}

BOOL IsBadStringPtrA(const char* text, UINT_PTR largest) { return is_bad_string(text, largest); }
WINAPI_EXPORT(IsBadStringPtrA, in_kernel32);

BOOL IsBadStringPtrW(const WCHAR* text, UINT_PTR largest) { return is_bad_string(text, largest); }
WINAPI_EXPORT(IsBadStringPtrW, in_kernel32);

}  // namespace

}  // namespace instdrv::winapi::kernel32
