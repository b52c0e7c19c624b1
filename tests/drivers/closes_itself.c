/* On DRV_USER closes its own instance while the message is under way, and answers what CloseDriver
 * returned, plus 100. */
#include "driver_source.h"

DRIVER_PROC {
    if (message == DRV_USER) return 100 + CloseDriver(hdrvr, 0, 0);
    if (message == DRV_CLOSE) return 7;
    return behave(id, hdrvr, message, lparam1, lparam2);
}
