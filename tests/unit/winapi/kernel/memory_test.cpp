#include <cstring>
#include <vector>

#include <sys/mman.h>

#include "winapi/memory/heap.hpp"
#include "winapi/memory/memory_map.hpp"

#include "windows_call.hpp"

namespace instdrv::winapi::test {
namespace {

constexpr DWORD zeroed = 0x8;
constexpr DWORD in_place = 0x10;

HANDLE process_heap_handle() { return call<HANDLE>("GetProcessHeap"); }

TEST(HeapFunctions, GiveAlignedBlocksThatKnowTheirSize) {
    HANDLE const heap = process_heap_handle();
    for (const SIZE_T size : {SIZE_T{0}, SIZE_T{1}, SIZE_T{15}, SIZE_T{16}, SIZE_T{70000}}) {
        auto* const block = call<BYTE*>("HeapAlloc", heap, zeroed, size);
        ASSERT_NE(block, nullptr);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 16, 0u);
        EXPECT_EQ(call<SIZE_T>("HeapSize", heap, DWORD{0}, static_cast<const void*>(block)), size);
        for (SIZE_T i = 0; i < size; ++i)
            ASSERT_EQ(block[i], 0);
        EXPECT_EQ(call<BOOL>("HeapFree", heap, DWORD{0}, static_cast<void*>(block)), TRUE);
    }
}

TEST(HeapFunctions, GrowBlocksWithZerosAndKeepTheirContent) {
    HANDLE const heap = process_heap_handle();
    void* block = call<void*>("HeapAlloc", heap, DWORD{0}, SIZE_T{4});
    std::memcpy(block, "abcd", 4);
    block = call<void*>("HeapReAlloc", heap, zeroed, block, SIZE_T{4096});
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(std::memcmp(block, "abcd\0\0\0\0", 8), 0);
    EXPECT_EQ(static_cast<BYTE*>(block)[4095], 0);
    EXPECT_EQ(call<void*>("HeapReAlloc", heap, in_place, block, SIZE_T{1} << 20), nullptr);
    EXPECT_EQ(call<void*>("HeapReAlloc", heap, in_place, block, SIZE_T{10}), block);
    EXPECT_EQ(call<SIZE_T>("HeapSize", heap, DWORD{0}, static_cast<const void*>(block)), 10u);
    call<BOOL>("HeapFree", heap, DWORD{0}, block);
}

TEST(HeapFunctions, RefuseWhatCannotBe) {
    HANDLE const heap = process_heap_handle();
    EXPECT_EQ(call<void*>("HeapAlloc", heap, DWORD{0}, ~SIZE_T{0}), nullptr);
    EXPECT_EQ(call<void*>("HeapAlloc", heap, DWORD{0}, ~SIZE_T{0} - 16), nullptr);
    HANDLE const other = call<HANDLE>("HeapCreate", DWORD{0}, SIZE_T{0}, SIZE_T{0});
    void* const block = call<void*>("HeapAlloc", other, DWORD{0}, SIZE_T{8});
    EXPECT_EQ(call<BOOL>("HeapFree", heap, DWORD{0}, block), FALSE);
    EXPECT_EQ(call<BOOL>("HeapFree", heap, DWORD{0}, static_cast<void*>(nullptr)), TRUE);
    EXPECT_EQ(call<BOOL>("HeapDestroy", heap), FALSE);
    // Frees the block as well; the leak checker of the sanitized build would tell.
    EXPECT_EQ(call<BOOL>("HeapDestroy", other), TRUE);
}

TEST(GlobalFunctions, TellFixedAndMovableMemoryApart) {
    void* const fixed = call<HANDLE>("GlobalAlloc", UINT{0x40}, SIZE_T{100});
    EXPECT_EQ(call<void*>("GlobalLock", fixed), fixed);
    EXPECT_EQ(call<HANDLE>("GlobalHandle", static_cast<const void*>(fixed)), fixed);
    EXPECT_EQ(call<HANDLE>("GlobalFree", fixed), nullptr);

    HANDLE const movable = call<HANDLE>("GlobalAlloc", UINT{0x42}, SIZE_T{100});
    void* const memory = call<void*>("GlobalLock", movable);
    ASSERT_NE(memory, nullptr);
    EXPECT_NE(memory, movable);
    EXPECT_EQ(static_cast<char*>(memory)[99], 0);
    EXPECT_EQ(call<HANDLE>("GlobalHandle", static_cast<const void*>(memory)), movable);
    EXPECT_EQ(call<SIZE_T>("GlobalSize", movable), 100u);
    EXPECT_EQ(call<UINT>("GlobalFlags", movable), 1u);
    EXPECT_EQ(call<BOOL>("GlobalUnlock", movable), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_SUCCESS);
    EXPECT_EQ(call<BOOL>("GlobalUnlock", movable), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_NOT_LOCKED);
    EXPECT_EQ(call<HANDLE>("GlobalFree", movable), nullptr);
}

TEST(GlobalFunctions, KeepTheHandleWhenABlockGrows) {
    HANDLE const movable = call<HANDLE>("LocalAlloc", UINT{0x2}, SIZE_T{4});
    std::memcpy(call<void*>("LocalLock", movable), "word", 4);
    call<BOOL>("LocalUnlock", movable);
    EXPECT_EQ(call<HANDLE>("LocalReAlloc", movable, SIZE_T{1} << 20, UINT{0x42}), movable);
    const void* const memory = call<void*>("LocalLock", movable);
    EXPECT_EQ(std::memcmp(memory, "word", 4), 0);
    EXPECT_EQ(call<HANDLE>("LocalHandle", memory), movable);
    EXPECT_EQ(call<HANDLE>("LocalFree", movable), nullptr);
}

constexpr DWORD MEM_COMMIT = 0x1000;
constexpr DWORD MEM_RESERVE = 0x2000;
constexpr DWORD MEM_DECOMMIT = 0x4000;
constexpr DWORD MEM_RELEASE = 0x8000;
constexpr DWORD MEM_FREE = 0x10000;
constexpr DWORD PAGE_READONLY = 0x02;
constexpr DWORD PAGE_READWRITE = 0x04;
constexpr DWORD PAGE_EXECUTE_READWRITE = 0x40;

struct MemoryInformation {
    void* base;
    void* allocation_base;
    DWORD allocation_protect;
    SIZE_T size;
    DWORD state;
    DWORD protect;
    DWORD type;
};

MemoryInformation query(const void* address) {
    MemoryInformation information{};
    EXPECT_EQ(call<SIZE_T>("VirtualQuery", address, &information, sizeof information),
              sizeof information);
    return information;
}

void* virtual_alloc(void* address, SIZE_T size, DWORD type, DWORD protection) {
    return call<void*>("VirtualAlloc", address, size, type, protection);
}

TEST(VirtualMemory, IsReservedCommittedAndReleased) {
    auto* const base =
        static_cast<BYTE*>(virtual_alloc(nullptr, 0x30000, MEM_RESERVE, PAGE_READWRITE));
    ASSERT_NE(base, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(base) % 0x10000, 0u);
    EXPECT_EQ(query(base).state, MEM_RESERVE);
    EXPECT_EQ(virtual_alloc(base + 0x1234, 10, MEM_COMMIT, PAGE_READWRITE), base + 0x1000);
    base[0x1234] = 7;
    const MemoryInformation committed = query(base + 0x1fff);
    EXPECT_EQ(committed.state, MEM_COMMIT);
    EXPECT_EQ(committed.allocation_base, base);
    EXPECT_EQ(committed.size, 0x1000u);
    EXPECT_EQ(committed.protect, PAGE_READWRITE);
    EXPECT_EQ(
        call<BOOL>("VirtualFree", static_cast<void*>(base + 0x1000), SIZE_T{0x1000}, MEM_DECOMMIT),
        TRUE);
    EXPECT_EQ(virtual_alloc(base + 0x1000, 0x1000, MEM_COMMIT, PAGE_READWRITE), base + 0x1000);
    EXPECT_EQ(base[0x1234], 0);
    EXPECT_EQ(call<BOOL>("VirtualFree", static_cast<void*>(base + 0x1000), SIZE_T{0}, MEM_RELEASE),
              FALSE);
    EXPECT_EQ(call<BOOL>("VirtualFree", static_cast<void*>(base), SIZE_T{0}, MEM_RELEASE), TRUE);
    EXPECT_EQ(query(base).state, MEM_FREE);
}

TEST(VirtualMemory, IsNeverWritableAndExecutable) {
    EXPECT_EQ(virtual_alloc(nullptr, 4096, MEM_COMMIT, PAGE_EXECUTE_READWRITE), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_ACCESS_DENIED);
    void* const page = virtual_alloc(nullptr, 4096, MEM_COMMIT, PAGE_READWRITE);
    DWORD old = 0;
    EXPECT_EQ(call<BOOL>("VirtualProtect", page, SIZE_T{4096}, PAGE_EXECUTE_READWRITE, &old),
              FALSE);
    EXPECT_EQ(last_error_code(), ERROR_ACCESS_DENIED);
    EXPECT_EQ(call<BOOL>("VirtualProtect", page, SIZE_T{1}, PAGE_READONLY, &old), TRUE);
    EXPECT_EQ(old, PAGE_READWRITE);
    EXPECT_EQ(call<BOOL>("IsBadWritePtr", page, UINT_PTR{1}), TRUE);
    EXPECT_EQ(call<BOOL>("VirtualFree", page, SIZE_T{0}, MEM_RELEASE), TRUE);
}

TEST(VirtualMemory, RefusesSenselessRequests) {
    EXPECT_EQ(virtual_alloc(nullptr, 0, MEM_COMMIT, PAGE_READWRITE), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(virtual_alloc(nullptr, ~SIZE_T{0}, MEM_RESERVE, PAGE_READWRITE), nullptr);
    EXPECT_EQ(virtual_alloc(nullptr, 4096, MEM_COMMIT, 0x300), nullptr);
    EXPECT_EQ(virtual_alloc(nullptr, 4096, 0, PAGE_READWRITE), nullptr);
    int local = 0;
    EXPECT_EQ(virtual_alloc(&local, 4096, MEM_COMMIT, PAGE_READWRITE), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_ADDRESS);
}

// Two pages of which the second cannot be touched.
class Fence {
public:
    Fence()
        : base_(static_cast<char*>(
              ::mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
        ::mprotect(base_ + 4096, 4096, PROT_NONE);
    }
    ~Fence() { ::munmap(base_, 8192); }
    Fence(const Fence&) = delete;
    Fence& operator=(const Fence&) = delete;
    [[nodiscard]] char* end() const { return base_ + 4096; }

private:
    char* base_;
};

TEST(Probing, SeesWhereMemoryEnds) {
    const Fence fence;
    const void* const last = fence.end() - 8;
    EXPECT_EQ(call<BOOL>("IsBadReadPtr", last, UINT_PTR{8}), FALSE);
    EXPECT_EQ(call<BOOL>("IsBadReadPtr", last, UINT_PTR{9}), TRUE);
    EXPECT_EQ(call<BOOL>("IsBadReadPtr", last, UINT_PTR{0}), FALSE);
    EXPECT_EQ(call<BOOL>("IsBadReadPtr", static_cast<const void*>(nullptr), UINT_PTR{1}), TRUE);
    EXPECT_EQ(call<BOOL>("IsBadReadPtr", static_cast<const void*>(nullptr), UINT_PTR{0}), FALSE);
    EXPECT_EQ(call<BOOL>("IsBadReadPtr", last, ~UINT_PTR{0}), TRUE);
}

TEST(Probing, ReadsTextsOnlyToTheirEnd) {
    const Fence fence;
    char* const text = fence.end() - 4;
    std::memcpy(text, "abcd", 4);
    const auto is_bad = [&](UINT_PTR largest) {
        return call<BOOL>("IsBadStringPtrA", static_cast<const char*>(text), largest);
    };
    EXPECT_EQ(is_bad(4), FALSE);
    EXPECT_EQ(is_bad(5), TRUE);
    text[3] = 0;
    EXPECT_EQ(is_bad(1000), FALSE);
    const auto* const wide = reinterpret_cast<const WCHAR*>(fence.end() - 2);
    EXPECT_EQ(call<BOOL>("IsBadStringPtrW", wide, UINT_PTR{100}), TRUE);
    EXPECT_EQ(call<BOOL>("IsBadStringPtrW", static_cast<const WCHAR*>(nullptr), UINT_PTR{1}), TRUE);
}

TEST(MemoryMap, ReadsTheKernelsLines) {
    const MappedRange range =
        parse_maps_line("7f5a3000-7f5a5100 r-xp 00000000 08:01 42 /usr/lib/libc.so");
    EXPECT_EQ(range.begin, 0x7f5a3000u);
    EXPECT_EQ(range.end, 0x7f5a5100u);
    EXPECT_EQ(range.protection, PROT_READ | PROT_EXEC);
    for (const std::string_view ugly : {"", "-", "12", "12-", "12-34", "12-34 r", "zz-34 rwxp"}) {
        const MappedRange none = parse_maps_line(ugly);
        EXPECT_FALSE(none.mapped) << ugly;
    }
}

}  // namespace
}  // namespace instdrv::winapi::test
