// The memory that PE code allocates: HeapAlloc's heaps, and the process heap behind malloc,
// LocalAlloc and GlobalAlloc. Blocks are aligned to 16 bytes and know their size. [any thread]
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>

namespace instdrv::winapi {

class Heap {
public:
    Heap();
    ~Heap();  // frees every block that is left
    Heap(const Heap&) = delete;
    Heap& operator=(const Heap&) = delete;

    // Null when there is no memory. A size of 0 is a block, too.
    void* allocate(std::size_t size, bool zeroed = false) noexcept;
    // Null when there is no memory, and then the old block is untouched. May move the block unless
    // `in_place`. What it grows by is zero if `zeroed`.
    void* reallocate(void* block, std::size_t size, bool zeroed = false,
                     bool in_place = false) noexcept;
    // False: not a block of this heap, and nothing was done.
    bool release(void* block) noexcept;
    // Is this an allocated block of this heap? Looks only at its header, so `block` must be
    // readable memory with 32 bytes before it.
    [[nodiscard]] bool owns(const void* block) const noexcept;
    // The size a block of this heap was asked with.
    [[nodiscard]] static std::size_t size_of(const void* block) noexcept;

private:
    struct Header;
    void link(Header* header) noexcept;
    void unlink(Header* header) noexcept;
    static Header* header_of(const void* block) noexcept;

    std::mutex mutex_;
    Header* first_ = nullptr;
};

Heap& process_heap();

// The C runtime's malloc family. Null for a null block or no memory.
inline void* allocate(std::size_t size) noexcept { return process_heap().allocate(size); }
inline void* allocate_zeroed(std::size_t size) noexcept {
    return process_heap().allocate(size, true);
}
inline void* reallocate(void* block, std::size_t size) noexcept {
    return block == nullptr ? allocate(size) : process_heap().reallocate(block, size);
}
inline void release(void* block) noexcept {
    if (block != nullptr) process_heap().release(block);
}

}  // namespace instdrv::winapi
