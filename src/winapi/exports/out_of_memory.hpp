// The results of Windows functions that find no memory: the failure that the page of each function
// documents, with the last error or errno set.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace instdrv::winapi {

enum class ResultKind : std::uint8_t { none, pointer, signed_number, unsigned_number, other };

// Sets what the function of that name sets, and answers what it answers, as a number. [any thread]
std::intptr_t fail_without_memory(std::string_view function, ResultKind kind) noexcept;

template <class Result>
constexpr ResultKind kind_of_result() {
    if constexpr (std::is_void_v<Result>) return ResultKind::none;
    if constexpr (std::is_pointer_v<Result>) return ResultKind::pointer;
    if constexpr (!std::is_integral_v<Result>) return ResultKind::other;
    return std::is_signed_v<Result> ? ResultKind::signed_number : ResultKind::unsigned_number;
}

template <class Result>
Result out_of_memory_answer(std::string_view function) noexcept {
    constexpr ResultKind kind = kind_of_result<Result>();
    [[maybe_unused]] const auto answer = fail_without_memory(function, kind);
    if constexpr (kind == ResultKind::none) {
        return;
    } else if constexpr (kind == ResultKind::pointer) {
        return reinterpret_cast<Result>(answer);
    } else if constexpr (kind == ResultKind::other) {
        return Result{};
    } else {
        return static_cast<Result>(answer);
    }
}

}  // namespace instdrv::winapi
