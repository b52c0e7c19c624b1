/* Does not return from its destructor. */
#include "driver_source.h"

__attribute__((destructor)) static void hang(void) {
    for (;;)
        pause_ms(1000);
}

DRIVER_PROC { return behave(id, hdrvr, message, lparam1, lparam2); }
