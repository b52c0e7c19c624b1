/* Takes two functions from ordinal_helper.dll beside it, by number alone. */
#include "driver_source.h"

__declspec(dllimport) int add(int a, int b);
__declspec(dllimport) int multiply(int a, int b);

DRIVER_PROC {
    switch (message) {
        case DRV_USER: return add((int)lparam1, (int)lparam2);
        case DRV_USER + 1: return multiply((int)lparam1, (int)lparam2);
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
