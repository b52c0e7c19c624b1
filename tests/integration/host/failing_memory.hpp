// Memory that can be made to fail, in a program of its own, as it has its own operator new.
#pragma once

#include <cstddef>

namespace instdrv::test {

enum class Fails { once, from_there_on };

// Lets the n-th call of operator new from here on fail, by whatever thread, and those after it too
// where `fails` says so. n counts from 1. One at a time.
class FailingMemory {
public:
    explicit FailingMemory(std::size_t n, Fails fails);
    ~FailingMemory();
    FailingMemory(const FailingMemory&) = delete;
    FailingMemory& operator=(const FailingMemory&) = delete;

    // Has it come to that?
    [[nodiscard]] static bool has_failed() noexcept;
};

}  // namespace instdrv::test
