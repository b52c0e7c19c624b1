/* Identifies its instances by numbers that 32 bits cannot hold: over 4 GiB and negative in turns.
 * In 32-bit code the large one is over 2 GiB. DRV_USER answers the identifier it is called with. */
#include "driver_source.h"

#if __SIZEOF_POINTER__ == 8
#define LARGE 0x7FFF00001234
#else
#define LARGE 0xFFFF1234
#endif

static int opened;

DRIVER_PROC {
    switch (message) {
        case DRV_OPEN: return opened++ % 2 == 0 ? (LRESULT)LARGE : (LRESULT)-2;
        case DRV_CLOSE: return 1;
        case DRV_USER: return (LRESULT)id;
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
