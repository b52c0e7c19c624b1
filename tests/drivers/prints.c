/* Prints. DRV_USER: what would steer a terminal, a line to standard error, and a line without its
 * end. DRV_USER+1: without end. */
#include <stdio.h>

#include "driver_source.h"

DRIVER_PROC {
    switch (message) {
        case DRV_USER:
            fputs(
                "\x1b[2Jred \x9b"
                "31m\a\n",
                stdout);
            fflush(stdout);
            fputs("to stderr\n", stderr);
            fflush(stderr);
            fputs("no line feed", stdout);
            fflush(stdout);
            return 1;
        case DRV_USER + 1:
            for (;;) {
                fputs("again and again\n", stdout);
                fflush(stdout);
            }
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
