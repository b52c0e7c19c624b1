// The functions that end a program. Here they end the driver's call: the host goes on.
// https://learn.microsoft.com/cpp/c-runtime-library/process-and-environment-control
#include <array>
#include <atomic>
#include <cerrno>
#include <string>

#include <fmt/format.h>

#include "image/pe/guarded_call.hpp"
#include "winapi/crt/stream.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/text/code_page.hpp"
#include "winapi/threads/error_number.hpp"

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

[[noreturn]] void crt_exit(int code) {
    end_call(fmt::format("the driver ended its process: exit({})", code), code);
}
CRT_EXPORT_AS("_Exit", in_crt, crt_exit, Coverage::partial,
              "ends the driver's call, not the process");
CRT_EXPORT_AS("_exit", in_crt, crt_exit, Coverage::partial,
              "ends the driver's call, not the process");
CRT_EXPORT_AS("exit", in_crt, crt_exit, Coverage::partial,
              "ends the driver's call, not the process");
CRT_EXPORT_AS("quick_exit", in_crt, crt_exit, Coverage::partial,
              "ends the driver's call, not the process");

[[noreturn]] void crt_abort() { end_call("the driver gave up: abort()", 3); }
CRT_EXPORT_AS("abort", in_crt, crt_abort, Coverage::partial,
              "ends the driver's call, not the process");

[[noreturn]] void terminate() {
    end_call("the driver gave up: terminate(), a C++ exception that nothing caught", 3);
}
CRT_EXPORT(terminate, in_crt, Coverage::partial, "ends the driver's call, not the process");

[[noreturn]] void _assert(const char* what, const char* file, unsigned line) {
    end_call(fmt::format("an assertion of the driver failed: {} ({}, line {})",
                         utf8_from_ansi(what), utf8_from_ansi(file), line),
             3);
}
CRT_EXPORT(_assert, in_crt, Coverage::partial, "ends the driver's call, not the process");

[[noreturn]] void _wassert(LPCWSTR what, LPCWSTR file, unsigned line) {
    end_call(fmt::format("an assertion of the driver failed: {} ({}, line {})",
                         utf8_from_wide(what), utf8_from_wide(file), line),
             3);
}
CRT_EXPORT(_wassert, in_crt, Coverage::partial, "ends the driver's call, not the process");

// https://learn.microsoft.com/cpp/error-messages/tool-errors/c-runtime-errors-r6002-through-r6035
[[noreturn]] void _amsg_exit(int number) {
    end_call(fmt::format("the driver's C runtime gave up: error R{}", 6000 + number), 255);
}
CRT_EXPORT(_amsg_exit, in_crt, Coverage::partial, "ends the driver's call, not the process");

[[noreturn]] void _purecall() { end_call("the driver called a pure virtual function", 255); }
CRT_EXPORT(_purecall, in_crt | in_vcruntime140, Coverage::partial,
           "ends the driver's call, not the process");

[[noreturn]] void invalid_parameter_ends() {
    end_call("the driver passed a wrong argument to its C runtime", 255);
}
CRT_EXPORT_AS("_invalid_parameter_noinfo_noreturn", in_crt, invalid_parameter_ends,
              Coverage::partial, "ends the driver's call, not the process");
CRT_EXPORT_AS("_invoke_watson", in_crt, invalid_parameter_ends, Coverage::partial,
              "ends the driver's call, not the process");

void _invalid_parameter_noinfo() { error_number() = EINVAL; }
CRT_EXPORT(_invalid_parameter_noinfo, in_crt, Coverage::partial, "no handler is called");

using Handler = void*;

// Kept for the driver's sake, never called.
template <int which>
Handler set_handler(Handler handler) {
    static std::atomic<Handler> current = nullptr;
    return current.exchange(handler);
}
CRT_EXPORT_AS("_set_invalid_parameter_handler", in_crt, set_handler<0>, Coverage::partial,
              "the handler is kept, but never called");
CRT_EXPORT_AS("_set_purecall_handler", in_crt | in_vcruntime140, set_handler<1>, Coverage::partial,
              "the handler is kept, but never called");
CRT_EXPORT_AS("set_terminate", in_crt, set_handler<2>, Coverage::partial,
              "the handler is kept, but never called");

unsigned _set_abort_behavior(unsigned flags, unsigned mask) {
    static std::atomic<unsigned> current = 0x3;
    const unsigned before = current;
    current = (before & ~mask) | (flags & mask);
    return before;
}
CRT_EXPORT(_set_abort_behavior, in_crt, Coverage::partial, "kept without effect");

int _set_error_mode(int mode) {
    static std::atomic<int> current = 0;
    constexpr int report_mode = 3;
    return mode == report_mode ? current.load() : current.exchange(mode);
}
CRT_EXPORT(_set_error_mode, in_crt, Coverage::partial, "kept without effect");

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

Handler crt_signal(int number, Handler handler) {
    auto* const current = handler_of_signal(number);
    return current == nullptr ? fail_with(EINVAL, signal_error) : current->exchange(handler);
}
CRT_EXPORT_AS("signal", in_crt, crt_signal, Coverage::partial, "only raise calls the handler");

int crt_raise(int number) {
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
CRT_EXPORT_AS("raise", in_crt, crt_raise, Coverage::partial,
              "without a handler it ends the driver's call, not the process");

}  // namespace

}  // namespace instdrv::winapi::crt
