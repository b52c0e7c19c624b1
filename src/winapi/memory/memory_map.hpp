// The kernel's list of what is mapped into this process.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace instdrv::winapi {

struct MappedRange {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    int protection = 0;   // PROT_* of mmap(2)
    bool mapped = false;  // false: a gap between mappings
};

// One line of /proc/self/maps; an empty range when it is none.
MappedRange parse_maps_line(std::string_view line);

// The mappings in address order. Empty when /proc cannot be read.
std::vector<MappedRange> memory_map();

// The mapping an address lies in, or the gap from that address to the next mapping.
MappedRange range_at(const std::vector<MappedRange>& map, std::uintptr_t address);

// Is every byte of [address, address + size) mapped with all of `protection`? Says nothing about
// what other threads do to it a moment later.
bool is_accessible(const void* address, std::size_t size, int protection);

// The number of bytes from `address` on that can be read in one go.
std::size_t readable_bytes(const void* address);

}  // namespace instdrv::winapi
