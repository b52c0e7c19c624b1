#include "failing_memory.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<bool> armed = false;
std::atomic<bool> for_good = false;
std::atomic<bool> failed = false;
std::atomic<std::size_t> left = 0;

bool fails() noexcept {
    if (!armed) return false;
    if (failed) return for_good;
    if (left.fetch_sub(1) != 1) return false;
    failed = true;
    return true;
}

}  // namespace

void* operator new(std::size_t size) {
    void* const memory = fails() ? nullptr : std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return fails() ? nullptr : std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace instdrv::test {

FailingMemory::FailingMemory(std::size_t n, Fails fails) {
    failed = false;
    for_good = fails == Fails::from_there_on;
    left = n;
    armed = true;
}

FailingMemory::~FailingMemory() { armed = false; }

bool FailingMemory::has_failed() noexcept { return failed; }

}  // namespace instdrv::test
