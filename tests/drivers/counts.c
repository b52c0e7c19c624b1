/* Counts what it is sent. DRV_USER answers how often message lParam1 came, to whatever instance;
 * DRV_USER+1 the lParam1 of the last DRV_EXITAPPLICATION, -1 before the first; DRV_USER+2 takes
 * lParam1 milliseconds and answers lParam2; DRV_USER+3 ends the process. */
#include "driver_source.h"

#ifndef DRV_EXITAPPLICATION /* mingw-w64 has it not */
#define DRV_EXITAPPLICATION 0x000C
#endif

#ifdef _WIN32
#define end_process() ExitProcess(3)
#else
#define end_process() _exit(3)
#endif

static LONG counts[16];
static volatile LONG_PTR last_end = -1;

DRIVER_PROC {
    if (message < 16) __atomic_fetch_add(&counts[message], 1, __ATOMIC_SEQ_CST);
    switch (message) {
        case DRV_EXITAPPLICATION: last_end = lparam1; return 1;
        case DRV_USER: return lparam1 >= 0 && lparam1 < 16 ? counts[lparam1] : 0;
        case DRV_USER + 1: return last_end;
        case DRV_USER + 2: pause_ms((unsigned)lparam1); return lparam2;
        case DRV_USER + 3: end_process(); return 0;
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
