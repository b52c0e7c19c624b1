#include "winapi/memory/heap.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace instdrv::winapi {

// Stands before every block. A released block's mark is taken away, so that releasing it twice is
// seen as long as the memory has no new owner.
struct alignas(16) Heap::Header {
    const Heap* heap;
    std::size_t size;
    Header* previous;
    Header* next;
};

namespace {

// More is refused at once, without asking the system for what no machine has.
constexpr std::size_t largest_block =
    sizeof(void*) == 8 ? std::size_t{PTRDIFF_MAX} >> 24 : PTRDIFF_MAX / 2;

}  // namespace

Heap::Heap() = default;

Heap::~Heap() {
    while (first_ != nullptr) {
        Header* const header = first_;
        first_ = header->next;
        std::free(header);
    }
}

Heap::Header* Heap::header_of(const void* block) noexcept {
    return static_cast<Header*>(const_cast<void*>(block)) - 1;
}

void Heap::link(Header* header) noexcept {
    const std::lock_guard lock(mutex_);
    header->previous = nullptr;
    header->next = first_;
    if (first_ != nullptr) first_->previous = header;
    first_ = header;
}

void Heap::unlink(Header* header) noexcept {
    const std::lock_guard lock(mutex_);
    (header->previous != nullptr ? header->previous->next : first_) = header->next;
    if (header->next != nullptr) header->next->previous = header->previous;
}

void* Heap::allocate(std::size_t size, bool zeroed) noexcept {
    if (size > largest_block) return nullptr;
    const std::size_t whole = sizeof(Header) + size;
    auto* const header = static_cast<Header*>(zeroed ? std::calloc(1, whole) : std::malloc(whole));
    if (header == nullptr) return nullptr;
    header->heap = this;
    header->size = size;
    link(header);
    return header + 1;
}

void* Heap::reallocate(void* block, std::size_t size, bool zeroed, bool in_place) noexcept {
    if (size > largest_block || !owns(block)) return nullptr;
    Header* header = header_of(block);
    const std::size_t old_size = header->size;
    if (in_place) {
        if (size > old_size) return nullptr;
        header->size = size;
        return block;
    }
    unlink(header);
    auto* const moved = static_cast<Header*>(std::realloc(header, sizeof(Header) + size));
    if (moved == nullptr) {
        link(header);
        return nullptr;
    }
    moved->size = size;
    link(moved);
    auto* const bytes = reinterpret_cast<std::byte*>(moved + 1);
    if (zeroed && size > old_size) std::memset(bytes + old_size, 0, size - old_size);
    return bytes;
}

bool Heap::release(void* block) noexcept {
    if (!owns(block)) return false;
    Header* const header = header_of(block);
    unlink(header);
    header->heap = nullptr;
    std::free(header);
    return true;
}

bool Heap::owns(const void* block) const noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    return address > sizeof(Header) && address % 16 == 0 && header_of(block)->heap == this;
}

std::size_t Heap::size_of(const void* block) noexcept { return header_of(block)->size; }

Heap& process_heap() {
    static auto* const heap = new Heap;  // threads of drivers may outlive everything else
    return *heap;
}

}  // namespace instdrv::winapi
