// _beginthreadex and its relatives.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/beginthread-beginthreadex
#include <cerrno>
#include <ctime>
#include <memory>

#include <unistd.h>

#include "winapi/exports/export.hpp"
#include "winapi/process/driver_thread.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

constexpr unsigned CREATE_SUSPENDED = 0x4;

UINT_PTR _beginthreadex(void*, unsigned stack_size, const void* function, void* argument,
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
CRT_EXPORT(_beginthreadex, in_crt, Coverage::partial, "security attributes are ignored");

// Its handle is closed when the thread ends, so the caller can do little with it.
UINT_PTR _beginthread(const void* function, unsigned stack_size, void* argument) {
    const auto handle = _beginthreadex(nullptr, stack_size, function, argument, 0, nullptr);
    return handle == 0 ? ~UINT_PTR{0} : handle;
}
CRT_EXPORT(_beginthread, in_crt, Coverage::partial,
           "the handle is not closed when the thread ends");

[[noreturn]] void _endthreadex(unsigned code) { exit_driver_thread(code); }
CRT_EXPORT(_endthreadex, in_crt);
[[noreturn]] void _endthread() { exit_driver_thread(0); }
CRT_EXPORT(_endthread, in_crt);

int _getpid() { return ::getpid(); }
CRT_EXPORT(_getpid, in_crt);

void _sleep(DWORD milliseconds) {
    std::timespec rest{milliseconds / 1000, static_cast<long>(milliseconds % 1000) * 1'000'000};
    while (::nanosleep(&rest, &rest) != 0 && errno == EINTR) {
    }
}
CRT_EXPORT(_sleep, in_crt);

}  // namespace

}  // namespace instdrv::winapi::crt
