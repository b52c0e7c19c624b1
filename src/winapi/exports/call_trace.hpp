// The trace of the Windows functions that drivers call, to find out why a driver does not work. Off
// by default.
#pragma once

#include <instdrv/error.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>
#include <type_traits>

#include "winapi/abi.hpp"

namespace instdrv::winapi {

class CallTrace {
public:
    // Whether anything is traced at all. Costs a load.
    static bool is_on() noexcept { return on_.load(std::memory_order_relaxed); }

    // What is traced from now on, as the option --trace-calls takes it: names of DLLs and of
    // functions, separated by commas, "all" for everything. A name with "-" before it is left out.
    // The last name that fits a function decides. A name that fits none chooses nothing: it may be
    // one of the other machine's. An empty list ends the trace. [any thread]
    static void choose(std::string_view list);
    // Whether `list` is one: an Error names what is neither a DLL nor a function of ours, nor one
    // that `exists_elsewhere` knows.
    static Status check(std::string_view list,
                        const std::function<bool(std::string_view)>& exists_elsewhere);
    static bool wants(std::string_view function) noexcept;

    // A driver has imported the function from the DLL of that bit (export.hpp), which its calls are
    // shown under from now on. Without that it is the first DLL that exports the name.
    static void note_import(std::string_view function, std::uint32_t dll) noexcept;

private:
    static constinit std::atomic<bool> on_;
};

namespace detail {

// A line of the trace: "kernel32.CreateFileA("C:\x", 0x80000000) = 0x44", where the function set
// the last error with "; last error 2" behind it.
// It owns nothing: a function that ends the driver's call leaves it without a destructor. So a
// trace takes no memory either, but for texts in UTF-16. A line that is full ends with "...".
class TracedCall {
public:
    explicit TracedCall(std::string_view function) noexcept;
    void argument(std::uint64_t number);
    void signed_argument(std::int64_t number);
    void real_argument(double number);
    void pointer_argument(const void* pointer);
    // Null and what cannot be read are shown as pointers.
    void text_argument(const char* text);
    void text_argument(const WCHAR* text);
    void other_argument();

    // Writes the line. One of a function that does not come back is written when it begins.
    void begun();
    void answered();
    void answered(std::uint64_t number);
    void answered_pointer(const void* pointer);

private:
    template <class Char>
    void add_text(const Char* text);
    void add(std::string_view argument);
    void append(std::string_view text);
    void write(std::string_view end);

    std::array<char, 1024> line_;
    std::size_t size_ = 0;
    bool is_first_ = true;
    bool is_full_ = false;
    DWORD error_before_ = 0;
};

template <class Value>
void add_argument(TracedCall& call, const Value& value) {
    if constexpr (std::is_same_v<Value, const char*> || std::is_same_v<Value, const WCHAR*>) {
        call.text_argument(value);
    } else if constexpr (std::is_pointer_v<Value>) {
        call.pointer_argument(reinterpret_cast<const void*>(value));
    } else if constexpr (std::is_floating_point_v<Value>) {
        call.real_argument(static_cast<double>(value));
    } else if constexpr (std::is_integral_v<Value> && std::is_signed_v<Value>) {
        call.signed_argument(value);
    } else if constexpr (std::is_integral_v<Value>) {
        call.argument(value);
    } else {
        call.other_argument();
    }
}

template <class Result, class Function, class... Parameters>
[[gnu::cold, gnu::noinline]] Result traced(std::string_view name, Function* function,
                                           Parameters... parameters) {
    if (!CallTrace::wants(name)) return function(parameters...);
    TracedCall call(name);
    (add_argument(call, parameters), ...);
    if constexpr (std::is_void_v<Result>) {
        call.begun();
        function(parameters...);
    } else {
        const Result result = function(parameters...);
        if constexpr (std::is_pointer_v<Result>) {
            call.answered_pointer(reinterpret_cast<const void*>(result));
        } else if constexpr (std::is_same_v<Result, bool>) {
            call.answered(result ? 1U : 0U);
        } else if constexpr (std::is_integral_v<Result>) {
            call.answered(static_cast<std::make_unsigned_t<Result>>(result));
        } else {
            call.answered();
        }
        return result;
    }
}

}  // namespace detail
}  // namespace instdrv::winapi
