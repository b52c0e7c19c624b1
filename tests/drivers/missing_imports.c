/* Imports what nobody has, and calls it in private messages only: DRV_USER from a DLL that does not
 * exist, DRV_USER+1 the same by ordinal, DRV_USER+2 from kernel32. DRV_USER+3 needs none of it. */
#include "driver_source.h"

__declspec(dllimport) int NobodyHasThis(void);
__declspec(dllimport) int ByOrdinal(void);
__declspec(dllimport) int FunctionOfALaterWindows(void);

DRIVER_PROC {
    switch (message) {
        case DRV_USER: return NobodyHasThis();
        case DRV_USER + 1: return ByOrdinal();
        case DRV_USER + 2: return FunctionOfALaterWindows();
        case DRV_USER + 3: return 33;
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
