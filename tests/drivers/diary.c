/* Keeps a diary: each message is a line "NUMBER LPARAM1" of the file that FILE.diary names, FILE
 * being the driver's own, in one write, so that the line is there when the process is killed right
 * afterwards. In a worker the diary has to lie in the driver's state folder. Native only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver_source.h"

/* The path in FILE.diary; an empty text where there is none. */
static void find_diary(char* path, size_t size) {
    Dl_info self;
    char beside[512];
    path[0] = '\0';
    if (dladdr((void*)find_diary, &self) == 0) return;
    snprintf(beside, sizeof beside, "%s.diary", self.dli_fname);
    const int file = open(beside, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    const ssize_t length = read(file, path, size - 1);
    path[length < 0 ? 0 : length] = '\0';
    close(file);
}

static void write_down(UINT message, LPARAM lparam1) {
    char path[512];
    char line[64];
    find_diary(path, sizeof path);
    const int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return;
    const int length = snprintf(line, sizeof line, "%u %ld\n", (unsigned)message,
                                message == DRV_OPEN ? 0L : (long)lparam1);
    if (write(file, line, (size_t)length) != length) abort();
    close(file);
}

DRIVER_PROC {
    write_down(message, lparam1);
    return behave(id, hdrvr, message, lparam1, lparam2);
}
