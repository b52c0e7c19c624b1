// Reads the variable arguments of a function called in the Windows convention.
//
// A Microsoft va_list is a pointer to the arguments themselves, each in a whole number of words:
// one word each on x86-64, where a double is passed as its bits; two words for 64-bit numbers on
// i386. https://learn.microsoft.com/cpp/build/x64-calling-convention#varargs
#pragma once

#include <bit>
#include <cstdarg>
#include <cstdint>
#include <cstring>

namespace instdrv::winapi::crt {

#if defined(__x86_64__)
using VaList = __builtin_ms_va_list;
#define INSTDRV_VA_START(list, last) __builtin_ms_va_start(list, last)
#define INSTDRV_VA_END(list) __builtin_ms_va_end(list)
#else
using VaList = std::va_list;
#define INSTDRV_VA_START(list, last) va_start(list, last)
#define INSTDRV_VA_END(list) va_end(list)
#endif

class Arguments {
public:
    explicit Arguments(VaList list) noexcept : next_(reinterpret_cast<const char*>(list)) {}

    int int32() noexcept { return static_cast<int>(take<std::intptr_t>()); }
    std::int64_t int64() noexcept { return take<std::int64_t>(); }
    std::intptr_t word() noexcept { return take<std::intptr_t>(); }
    double real() noexcept { return take<double>(); }
    template <class Pointee>
    Pointee* pointer() noexcept {
        return std::bit_cast<Pointee*>(word());
    }

private:
    template <class Value>
    Value take() noexcept {
        Value value;
        std::memcpy(&value, next_, sizeof value);
        next_ += sizeof value;
        return value;
    }
    const char* next_;
};

}  // namespace instdrv::winapi::crt
