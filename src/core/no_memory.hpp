// Turns a lack of memory in an operation into an Error, once everything that the operation held was
// released.
#pragma once

#include <instdrv/error.hpp>

#include <new>
#include <type_traits>

namespace instdrv::core {

// Its texts are as short as a string takes without memory of its own.
inline Error no_memory() noexcept {
    return {.code = ErrorCode::out_of_memory, .cause = "no memory left"};
}

// Returns the result of `step`, a Result, or an Error if it runs out of memory.
template <class Step>
auto or_no_memory(const Step& step) -> decltype(step()) {
    try {
        return step();
    } catch (const std::bad_alloc&) {
        if constexpr (std::is_same_v<decltype(step()), Error>) {
            return no_memory();
        } else {
            return failure(no_memory());
        }
    }
}

}  // namespace instdrv::core
