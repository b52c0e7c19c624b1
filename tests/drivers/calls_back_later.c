/* On DRV_USER starts a thread and returns; the thread calls the client's function (lParam1) through
 * DriverCallback, with lParam2 as the client's own word. DRV_USER+1 answers how often that was
 * delivered, DRV_USER+2 what it is sent in lParam1. On DRV_USER+4 the thread does not stop. */
#include "own_thread.h"

static DWORD_PTR callback, user;
static HDRVR instance;
static volatile LONG delivered;
static int without_end;

static void call_back(void) {
    do {
        if (DriverCallback(callback, DCB_FUNCTION, instance, DRV_USER + 3, user, 21, 22)) {
            __atomic_fetch_add(&delivered, 1, __ATOMIC_SEQ_CST);
        }
    } while (without_end);
}

DRIVER_PROC {
    switch (message) {
        case DRV_USER + 4: without_end = 1; /* fall through */
        case DRV_USER:
            callback = (DWORD_PTR)lparam1;
            user = (DWORD_PTR)lparam2;
            instance = hdrvr;
            start_thread(call_back);
            return 1;
        case DRV_USER + 1: return delivered;
        case DRV_USER + 2: return lparam1;
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
