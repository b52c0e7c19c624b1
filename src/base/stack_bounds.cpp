#include "base/stack_bounds.hpp"

#include <pthread.h>

namespace instdrv {

StackBounds find_stack_bounds() noexcept {
    pthread_attr_t attributes;
    if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) return {};
    void* lowest = nullptr;
    std::size_t size = 0;
    ::pthread_attr_getstack(&attributes, &lowest, &size);
    ::pthread_attr_destroy(&attributes);
    const auto begin = reinterpret_cast<std::uintptr_t>(lowest);
    return {.lowest = begin, .highest = begin + size};
}

}  // namespace instdrv
