#include "winapi/memory/reservations.hpp"

#include <algorithm>

#include <sys/mman.h>

namespace instdrv::winapi {
namespace {

constexpr std::uintptr_t round_down(std::uintptr_t value, std::uintptr_t unit) {
    return value & ~(unit - 1);
}
constexpr std::uintptr_t round_up(std::uintptr_t value, std::uintptr_t unit) {
    return round_down(value + unit - 1, unit);
}

constexpr std::size_t largest_reservation = PTRDIFF_MAX / 2;
constexpr int reserve_flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

std::uintptr_t map_at(std::uintptr_t address, std::size_t size) {
    void* const memory = ::mmap(reinterpret_cast<void*>(address), size, PROT_NONE,
                                reserve_flags | MAP_FIXED_NOREPLACE, -1, 0);
    return memory == MAP_FAILED ? 0 : reinterpret_cast<std::uintptr_t>(memory);
}

// mmap aligns to pages only, so this takes more and gives the ends back.
std::uintptr_t map_anywhere(std::size_t size) {
    const std::size_t more = size + allocation_granularity;
    void* const memory = ::mmap(nullptr, more, PROT_NONE, reserve_flags, -1, 0);
    if (memory == MAP_FAILED) return 0;
    const auto begin = reinterpret_cast<std::uintptr_t>(memory);
    const std::uintptr_t base = round_up(begin, allocation_granularity);
    if (base != begin) ::munmap(memory, base - begin);
    if (base + size != begin + more) {
        ::munmap(reinterpret_cast<void*>(base + size), begin + more - (base + size));
    }
    return base;
}

}  // namespace

void* Reservations::reserve(void* address, std::size_t size) {
    if (size == 0 || size > largest_reservation) return nullptr;
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    const std::uintptr_t begin = round_down(wanted, allocation_granularity);
    const std::size_t whole = round_up(wanted - begin + size, page_size);
    const std::uintptr_t base = address == nullptr ? map_anywhere(whole) : map_at(begin, whole);
    if (base == 0) return nullptr;
    const std::lock_guard lock(mutex_);
    ranges_[base].committed.assign(whole / page_size, false);
    return reinterpret_cast<void*>(base);
}

std::optional<Reservations::Pages> Reservations::pages_of(std::uintptr_t address,
                                                          std::size_t size) {
    auto after = ranges_.upper_bound(address);
    if (after == ranges_.begin() || size > largest_reservation) return std::nullopt;
    auto& [base, range] = *std::prev(after);
    const std::size_t first = (address - base) / page_size;
    const std::size_t end = (round_up(address + size, page_size) - base) / page_size;
    if (end > range.committed.size() || first >= end) return std::nullopt;
    return Pages{base, &range, first, end - first};
}

bool Reservations::commit(void* address, std::size_t size, int protection) {
    const std::lock_guard lock(mutex_);
    const auto pages = pages_of(reinterpret_cast<std::uintptr_t>(address), size);
    if (!pages) return false;
    auto* const begin = reinterpret_cast<void*>(pages->base + pages->first * page_size);
    if (::mprotect(begin, pages->count * page_size, protection) != 0) return false;
    std::fill_n(pages->range->committed.begin() + static_cast<std::ptrdiff_t>(pages->first),
                pages->count, true);
    return true;
}

bool Reservations::decommit(void* address, std::size_t size) {
    const std::lock_guard lock(mutex_);
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    if (size == 0) {
        const auto whole = ranges_.find(at);
        if (whole == ranges_.end()) return false;
        size = whole->second.committed.size() * page_size;
    }
    const auto pages = pages_of(at, size);
    if (!pages) return false;
    // Mapping anew gives the memory back and makes it read zero when it is committed again.
    void* const begin = reinterpret_cast<void*>(pages->base + pages->first * page_size);
    if (::mmap(begin, pages->count * page_size, PROT_NONE, reserve_flags | MAP_FIXED, -1, 0) ==
        MAP_FAILED) {
        return false;
    }
    std::fill_n(pages->range->committed.begin() + static_cast<std::ptrdiff_t>(pages->first),
                pages->count, false);
    return true;
}

bool Reservations::release(void* base) {
    const std::lock_guard lock(mutex_);
    const auto found = ranges_.find(reinterpret_cast<std::uintptr_t>(base));
    if (found == ranges_.end()) return false;
    ::munmap(base, found->second.committed.size() * page_size);
    ranges_.erase(found);
    return true;
}

std::optional<Reservation> Reservations::find(std::uintptr_t address) const {
    const std::lock_guard lock(mutex_);
    const auto after = ranges_.upper_bound(address);
    if (after == ranges_.begin()) return std::nullopt;
    const auto& [base, range] = *std::prev(after);
    const auto& committed = range.committed;
    const std::size_t first = (address - base) / page_size;
    if (first >= committed.size()) return std::nullopt;
    const auto begin = committed.begin() + static_cast<std::ptrdiff_t>(first);
    const auto run = std::find(begin, committed.end(), !committed[first]);
    return Reservation{reinterpret_cast<void*>(base), committed[first],
                       base + static_cast<std::size_t>(run - committed.begin()) * page_size};
}

Reservations& reservations() {
    static auto* const table = new Reservations;  // threads of drivers may outlive everything else
    return *table;
}

}  // namespace instdrv::winapi
