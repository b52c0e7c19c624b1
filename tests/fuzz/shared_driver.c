/* The driver that programs share in hostile_client. It follows no address that it is sent.
 *
 *   DRV_USER      counts it for the instance, and answers lParam2
 *   DRV_USER+1    calls back what lParam1 stands for, with lParam2
 *   DRV_USER+2    answers how often DRV_USER came to this instance
 *   DRV_USER+3    answers how many messages of the system's came to whatever instance or to the
 * module
 */
#include <instdrv/driver.h>

enum { most = 4096 };
static LONG received[most];
static LONG systems;
static DWORD_PTR last_id;

static int is_the_systems(UINT message) {
    return (message >= DRV_LOAD && message <= DRV_FREE) || message == DRV_EXITSESSION ||
           message == DRV_EXITAPPLICATION;
}

INSTDRV_API LRESULT DriverProc(DWORD_PTR id, HDRVR hdrvr, UINT message, LPARAM lparam1,
                               LPARAM lparam2) {
    LONG* const mine = &received[id % most];
    if (is_the_systems(message)) __atomic_fetch_add(&systems, 1, __ATOMIC_SEQ_CST);
    switch (message) {
        case DRV_OPEN: {
            const DWORD_PTR opened = __atomic_add_fetch(&last_id, 1, __ATOMIC_SEQ_CST);
            /* The first is never forgotten. */
            const DWORD_PTR known = opened == 1 ? 1 : 2 + opened % (most - 2);
            received[known] = 0;
            return (LRESULT)known;
        }
        case DRV_USER: __atomic_fetch_add(mine, 1, __ATOMIC_SEQ_CST); return lparam2;
        case DRV_USER + 1:
            return DriverCallback((DWORD_PTR)lparam1, 3 /* DCB_FUNCTION */, hdrvr, message,
                                  (DWORD_PTR)lparam2, (DWORD_PTR)lparam2, 0);
        case DRV_USER + 2: return __atomic_load_n(mine, __ATOMIC_SEQ_CST);
        case DRV_USER + 3: return __atomic_load_n(&systems, __ATOMIC_SEQ_CST);
        default: return message < DRV_RESERVED;
    }
}
