/* DRV_USER answers the id of the process that it runs in. */
#include "driver_source.h"

#ifdef _WIN32
#define process_id() GetCurrentProcessId()
#else
#define process_id() getpid()
#endif

DRIVER_PROC {
    if (message == DRV_USER) return (LRESULT)process_id();
    return behave(id, hdrvr, message, lparam1, lparam2);
}
