/* Takes DELAY_MS to answer DELAY_IN; for ever where DELAY_MS is 0. */
#include "driver_source.h"

DRIVER_PROC {
    if (message == DELAY_IN) {
        do {
            pause_ms(DELAY_MS == 0 ? 1000 : DELAY_MS);
        } while (DELAY_MS == 0);
    }
    return behave(id, hdrvr, message, lparam1, lparam2);
}
