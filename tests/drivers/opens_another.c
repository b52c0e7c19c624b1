/* Opens another driver, plain.dll or plain.so, while it is being loaded, and closes it when it is
 * freed. DRV_USER answers whether that worked. */
#include "driver_source.h"

#ifdef _WIN32
#define open_other() OpenDriver(L"plain.dll", NULL, 0)
#else
#define open_other() OpenDriverA("plain.so", NULL, 0)
#endif

static HDRVR other;

DRIVER_PROC {
    switch (message) {
        case DRV_LOAD: other = open_other(); return 1;
        case DRV_FREE: return other != NULL ? CloseDriver(other, 0, 0) : 0;
        case DRV_USER: return other != NULL;
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
