// The address ranges that VirtualAlloc gave out, and which of their pages are committed. [any
// thread]
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace instdrv::winapi {

constexpr std::uintptr_t page_size = 0x1000;
constexpr std::uintptr_t allocation_granularity = 0x10000;  // as on Windows

struct Reservation {
    void* base = nullptr;
    bool committed = false;      // the page asked for
    std::uintptr_t run_end = 0;  // how far pages of the same state go
};

class Reservations {
public:
    // A new range, at `address` rounded down to the granularity unless null. Null: not free.
    void* reserve(void* address, std::size_t size);
    // Makes pages of one reservation usable with PROT_*. False: not reserved, or no memory.
    bool commit(void* address, std::size_t size, int protection);
    // A size of 0 means the whole reservation, of which `address` is then the base.
    bool decommit(void* address, std::size_t size);
    // False: `address` is not a base.
    bool release(void* base);
    [[nodiscard]] std::optional<Reservation> find(std::uintptr_t address) const;

private:
    struct Range {
        std::vector<bool> committed;  // by page
    };
    struct Pages {
        std::uintptr_t base;
        Range* range;
        std::size_t first, count;  // pages
    };
    // The pages that [address, address + size) touches, where all lie in one reservation.
    std::optional<Pages> pages_of(std::uintptr_t address, std::size_t size);

    mutable std::mutex mutex_;
    std::map<std::uintptr_t, Range> ranges_;
};

Reservations& reservations();

}  // namespace instdrv::winapi
