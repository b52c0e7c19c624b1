/* On DRV_USER calls its client's function (lParam1) through DriverCallback, with lParam2 as the
 * client's own word. The client sends DRV_USER+1 from in there, which answers how deep the calls
 * are nested. */
#include "driver_source.h"

static int depth;

DRIVER_PROC {
    LRESULT answer;
    switch (message) {
        case DRV_USER:
            ++depth;
            answer = DriverCallback((DWORD_PTR)lparam1, DCB_FUNCTION, hdrvr, DRV_USER + 2,
                                    (DWORD_PTR)lparam2, 11, 12);
            --depth;
            return answer;
        case DRV_USER + 1: return depth;
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
