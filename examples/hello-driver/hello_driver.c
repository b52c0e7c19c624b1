/* A native driver: a shared object that exports DriverProc.
 *
 *     instdrv send ./hello_driver.so 0x4000 20 22
 */
#include <instdrv/driver.h>

#include <stdio.h>

enum { HELLO_ADD = DRV_USER };

LRESULT CALLBACK DriverProc(DWORD_PTR driver_id, HDRVR hdrvr, UINT message, LPARAM lparam1,
                            LPARAM lparam2) {
    switch (message) {
        case DRV_OPEN:
        case DRV_CLOSE: return 1;
        case HELLO_ADD: return lparam1 + lparam2;
        case DRV_EXITSESSION: puts("hello_driver: the session ends"); return 0;
        default: return DefDriverProc(driver_id, hdrvr, message, lparam1, lparam2);
    }
}
