// What has to hold for every input of a fuzz target.
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <thread>

namespace instdrv::fuzz {

inline void require(bool condition) {
    if (!condition) std::abort();
}

// For what other threads still have to do, far longer than that takes.
template <class Condition>
void require_soon(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
        require(std::chrono::steady_clock::now() < end);
        std::this_thread::yield();
    }
}

// Descriptors that this process has open.
inline std::ptrdiff_t open_descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator());
}

}  // namespace instdrv::fuzz
