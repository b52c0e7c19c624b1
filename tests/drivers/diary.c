/* Keeps a diary: each message is a line "FILE NUMBER LPARAM1" of the file that INSTDRV_DIARY names,
 * in one write, so that the line is there when the process is killed right afterwards. FILE is the
 * name of the driver's own file, so copies of it tell themselves apart. Native only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver_source.h"

static void write_down(UINT message, LPARAM lparam1) {
    const char* const diary = getenv("INSTDRV_DIARY");
    Dl_info self;
    char line[256];
    if (diary == NULL || dladdr((void*)write_down, &self) == 0) return;
    const int file = open(diary, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return;
    const char* const name = strrchr(self.dli_fname, '/');
    const int length =
        snprintf(line, sizeof line, "%s %u %ld\n", name == NULL ? self.dli_fname : name + 1,
                 (unsigned)message, message == DRV_OPEN ? 0L : (long)lparam1);
    if (write(file, line, (size_t)length) != length) abort();
    close(file);
}

DRIVER_PROC {
    write_down(message, lparam1);
    return behave(id, hdrvr, message, lparam1, lparam2);
}
