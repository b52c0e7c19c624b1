// The functions that end a program. Here they end the driver's call: the host goes on.
// https://learn.microsoft.com/cpp/c-runtime-library/process-and-environment-control
#include <array>
#include <atomic>
#include <cerrno>
#include <string>

#include <fmt/format.h>

#include "image/pe/guarded_call.hpp"
#include "winapi/code_page.hpp"
#include "winapi/crt/error_number.hpp"
#include "winapi/crt/stream.hpp"
#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

[[noreturn]] void end_call(std::string cause, std::int64_t code = 0) {
    Stream::flush_all();
    pe::break_off(Error{.code = ErrorCode::exited,
                        .operation = "run driver code",
                        .cause = std::move(cause),
                        .advice = "The host goes on without this call.",
                        .system_code = code});
}

[[noreturn]] void WINFN_C crt_exit(int code) {
    end_call(fmt::format("the driver ended its process: exit({})", code), code);
}

[[noreturn]] void WINFN_C crt_abort() { end_call("the driver gave up: abort()", 3); }

[[noreturn]] void WINFN_C crt_terminate() {
    end_call("the driver gave up: terminate(), a C++ exception that nothing caught", 3);
}

[[noreturn]] void WINFN_C assert_narrow(const char* what, const char* file, unsigned line) {
    end_call(fmt::format("an assertion of the driver failed: {} ({}, line {})",
                         utf8_from_ansi(what), utf8_from_ansi(file), line),
             3);
}

[[noreturn]] void WINFN_C assert_wide(LPCWSTR what, LPCWSTR file, unsigned line) {
    end_call(fmt::format("an assertion of the driver failed: {} ({}, line {})",
                         utf8_from_wide(what), utf8_from_wide(file), line),
             3);
}

// https://learn.microsoft.com/cpp/error-messages/tool-errors/c-runtime-errors-r6002-through-r6035
[[noreturn]] void WINFN_C runtime_error(int number) {
    end_call(fmt::format("the driver's C runtime gave up: error R{}", 6000 + number), 255);
}

[[noreturn]] void WINFN_C pure_call() {
    end_call("the driver called a pure virtual function", 255);
}

[[noreturn]] void WINFN_C invalid_parameter_ends() {
    end_call("the driver passed a wrong argument to its C runtime", 255);
}

void WINFN_C invalid_parameter() { error_number() = EINVAL; }

using Handler = void*;

// Kept for the driver's sake, never called.
template <int which>
Handler WINFN_C set_handler(Handler handler) {
    static std::atomic<Handler> current = nullptr;
    return current.exchange(handler);
}

unsigned WINFN_C set_abort_behavior(unsigned flags, unsigned mask) {
    static std::atomic<unsigned> current = 0x3;
    const unsigned before = current;
    current = (before & ~mask) | (flags & mask);
    return before;
}

int WINFN_C set_error_mode(int mode) {
    static std::atomic<int> current = 0;
    constexpr int report_mode = 3;
    return mode == report_mode ? current.load() : current.exchange(mode);
}

constexpr int SIGABRT_COMPATIBLE = 6;
constexpr int SIGABRT_WINDOWS = 22;
constexpr int signal_limit = 23;
const Handler signal_error = reinterpret_cast<Handler>(~std::uintptr_t{0});
const Handler ignore_signal = reinterpret_cast<Handler>(std::uintptr_t{1});

std::atomic<Handler>* handler_of_signal(int number) {
    static std::array<std::atomic<Handler>, signal_limit> handlers{};
    switch (number) {
        case 2:  // SIGINT
        case 4:  // SIGILL
        case SIGABRT_COMPATIBLE:
        case 8:   // SIGFPE
        case 11:  // SIGSEGV
        case 15:  // SIGTERM
        case 21:  // SIGBREAK
        case SIGABRT_WINDOWS: return &handlers[static_cast<std::size_t>(number)];
        default: return nullptr;
    }
}

Handler WINFN_C crt_signal(int number, Handler handler) {
    auto* const current = handler_of_signal(number);
    return current == nullptr ? fail_with(EINVAL, signal_error) : current->exchange(handler);
}

int WINFN_C crt_raise(int number) {
    auto* const current = handler_of_signal(number);
    if (current == nullptr) return fail_with(EINVAL, -1);
    const Handler handler = current->exchange(nullptr);
    if (handler == ignore_signal) {
        *current = handler;
        return 0;
    }
    if (handler == nullptr) end_call(fmt::format("the driver raised signal {}", number), 3);
    reinterpret_cast<void(WINFN_C*)(int)>(handler)(number);
    return 0;
}

}  // namespace

std::span<const Export> process_end_exports() {
    constexpr std::string_view ends_call = "ends the driver's call, not the process";
    constexpr std::string_view never_called = "the handler is kept, but never called";
    const auto ending = [&](std::string_view name, const void* address) {
        return Export{name, address, Coverage::partial, ends_call};
    };
    static const Export table[] = {
        ending("_Exit", address_of(crt_exit)),
        ending("_amsg_exit", address_of(runtime_error)),
        ending("_assert", address_of(assert_narrow)),
        ending("_exit", address_of(crt_exit)),
        {"_invalid_parameter_noinfo", address_of(invalid_parameter), Coverage::partial,
         "no handler is called"},
        ending("_invalid_parameter_noinfo_noreturn", address_of(invalid_parameter_ends)),
        ending("_invoke_watson", address_of(invalid_parameter_ends)),
        ending("_purecall", address_of(pure_call)),
        {"_set_abort_behavior", address_of(set_abort_behavior), Coverage::partial,
         "kept without effect"},
        {"_set_error_mode", address_of(set_error_mode), Coverage::partial, "kept without effect"},
        {"_set_invalid_parameter_handler", address_of(set_handler<0>), Coverage::partial,
         never_called},
        {"_set_purecall_handler", address_of(set_handler<1>), Coverage::partial, never_called},
        ending("_wassert", address_of(assert_wide)),
        ending("abort", address_of(crt_abort)),
        ending("exit", address_of(crt_exit)),
        ending("quick_exit", address_of(crt_exit)),
        {"raise", address_of(crt_raise), Coverage::partial,
         "without a handler it ends the driver's call, not the process"},
        {"set_terminate", address_of(set_handler<2>), Coverage::partial, never_called},
        {"signal", address_of(crt_signal), Coverage::partial, "only raise calls the handler"},
        ending("terminate", address_of(crt_terminate)),
    };
    return table;
}

}  // namespace instdrv::winapi::crt
