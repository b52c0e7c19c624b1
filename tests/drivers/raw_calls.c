/* Makes Linux's system calls by hand, as a driver does that knows where it runs. DRV_USER: takes
 * SIGSYS over, then makes a call that is denied. The next: the same with SIGSEGV; with SIGSYS
 * blocked. DRV_USER + 3: opens a folder of the system's libraries, and answers with Linux's errno.
 */
#include "driver_source.h"
#include "system_call.h"

#if defined(__x86_64__)
enum {
    number_openat = 257,
    number_rt_sigaction = 13,
    number_rt_sigprocmask = 14,
    number_getppid = 110
};

#else
enum {
    number_openat = 295,
    number_rt_sigaction = 174,
    number_rt_sigprocmask = 175,
    number_getppid = 64
};

#endif

enum {
    sigsys = 31,
    sigsegv = 11,
    ignored = 1, /* SIG_IGN */
    block = 0,   /* SIG_BLOCK */
    at_fdcwd = -100,
    size_of_set = 8
};

static LRESULT probe(void) {
    system_call(number_getppid, 0, 0, 0, 0);
    return 1;
}

static LRESULT take_over(int signal) {
    const intptr_t action[8] = {ignored};
    system_call(number_rt_sigaction, signal, (intptr_t)action, 0, size_of_set);
    return probe();
}

static LRESULT block_denials(void) {
    const uint64_t set = (uint64_t)1 << (sigsys - 1);
    system_call(number_rt_sigprocmask, block, (intptr_t)&set, 0, size_of_set);
    return probe();
}

static LRESULT open_libraries(void) {
    return -system_call(number_openat, at_fdcwd, (intptr_t) "/usr/lib", 0, 0);
}

DRIVER_PROC {
    switch (message) {
        case DRV_USER: return take_over(sigsys);
        case DRV_USER + 1: return take_over(sigsegv);
        case DRV_USER + 2: return block_denials();
        case DRV_USER + 3: return open_libraries();
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
