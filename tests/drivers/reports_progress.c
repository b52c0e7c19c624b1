/* A video codec that keeps the status procedure it is given (ICM_SET_STATUS_PROC) and calls it
 * three times on DRV_USER. Answers the sum of what it answered. */
#include "driver_source.h"

#ifdef _WIN32
#include <vfw.h>
#else
#include <instdrv/vfw.h>
#endif

static LONG(CALLBACK* status)(LPARAM user, UINT message, LONG progress);
static LPARAM user;

static LRESULT report(void) {
    LRESULT sum = 0;
    LONG progress;
    if (status == NULL) return -1;
    for (progress = 10; progress <= 30; progress += 10)
        sum += status(user, 1, progress);
    return sum;
}

DRIVER_PROC {
    switch (message) {
        case ICM_SET_STATUS_PROC:
            status = ((const ICSETSTATUSPROC*)lparam1)->Status;
            user = ((const ICSETSTATUSPROC*)lparam1)->lParam;
            return 0;
        case DRV_USER: return report();
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
