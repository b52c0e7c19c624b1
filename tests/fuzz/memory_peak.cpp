#include "memory_peak.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <sanitizer/allocator_interface.h>

namespace instdrv::fuzz {
namespace {

std::ptrdiff_t in_use = 0;
std::ptrdiff_t most = 0;

void taken(const volatile void*, std::size_t size) {
    in_use += static_cast<std::ptrdiff_t>(size);
    most = std::max(most, in_use);
}

void given_back(const volatile void* memory) {
    const auto* const known = const_cast<const void*>(memory);
    in_use -= static_cast<std::ptrdiff_t>(__sanitizer_get_allocated_size(known));
}

}  // namespace

MemoryPeak::MemoryPeak() {
    static const int installed = __sanitizer_install_malloc_and_free_hooks(taken, given_back);
    static_cast<void>(installed);
    in_use = most = 0;
}

std::size_t MemoryPeak::bytes() const noexcept { return static_cast<std::size_t>(most); }

void require_in_proportion(const MemoryPeak& peak, std::size_t size) {
    // Tables of bounded length, and structures that are larger than what they are made of.
    constexpr std::size_t base = std::size_t{32} << 20;
    constexpr std::size_t times = 64;
    if (peak.bytes() <= base + times * size) return;
    std::fprintf(stderr, "%zu bytes of memory for a file of %zu\n", peak.bytes(), size);
    std::abort();
}

}  // namespace instdrv::fuzz
