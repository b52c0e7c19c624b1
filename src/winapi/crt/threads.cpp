// _beginthreadex and its relatives.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/beginthread-beginthreadex
#include <cerrno>
#include <ctime>
#include <memory>

#include <unistd.h>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/topics.hpp"
#include "winapi/driver_thread.hpp"

namespace instdrv::winapi::crt {
namespace {

constexpr unsigned CREATE_SUSPENDED = 0x4;

UINT_PTR WINFN_C begin_thread_ex(void*, unsigned stack_size, const void* function, void* argument,
                                 unsigned flags, unsigned* id) {
    if (function == nullptr) return fail_with(EINVAL, UINT_PTR{0});
    const auto thread = start_driver_thread({.function = function,
                                             .argument = argument,
                                             .stack_size = stack_size,
                                             .suspended = (flags & CREATE_SUSPENDED) != 0});
    if (thread == nullptr) return fail_with(EAGAIN, UINT_PTR{0});
    if (id != nullptr) *id = thread->id;
    return reinterpret_cast<UINT_PTR>(new_handle(thread));
}

// Its handle is closed when the thread ends, so the caller can do little with it.
UINT_PTR WINFN_C begin_thread(const void* function, unsigned stack_size, void* argument) {
    const auto handle = begin_thread_ex(nullptr, stack_size, function, argument, 0, nullptr);
    return handle == 0 ? ~UINT_PTR{0} : handle;
}

[[noreturn]] void WINFN_C end_thread_ex(unsigned code) { exit_driver_thread(code); }
[[noreturn]] void WINFN_C end_thread() { exit_driver_thread(0); }

int WINFN_C process_id() { return ::getpid(); }

void WINFN_C sleep_milliseconds(DWORD milliseconds) {
    std::timespec rest{milliseconds / 1000, static_cast<long>(milliseconds % 1000) * 1'000'000};
    while (::nanosleep(&rest, &rest) != 0 && errno == EINTR) {
    }
}

}  // namespace

std::span<const Export> thread_exports() {
    static const Export table[] = {
        {"_beginthread", address_of(begin_thread), Coverage::partial,
         "the handle is not closed when the thread ends"},
        {"_beginthreadex", address_of(begin_thread_ex), Coverage::partial,
         "security attributes are ignored"},
        {"_endthread", address_of(end_thread)},
        {"_endthreadex", address_of(end_thread_ex)},
        {"_getpid", address_of(process_id)},
        {"_sleep", address_of(sleep_milliseconds)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
