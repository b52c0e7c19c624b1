/* A disk that takes its time, by way of LD_PRELOAD: every fsync of SLOW_SYNC_NAME in a path, or of
 * the folder it is in, takes SLOW_SYNC_MS longer. */
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int is_slow(int fd) {
    const char* const name = getenv("SLOW_SYNC_NAME");
    char link[64];
    char path[PATH_MAX] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    return length > 0 && name != NULL && strstr(path, name) != NULL;
}

int fsync(int fd) {
    const char* const ms = getenv("SLOW_SYNC_MS");
    if (ms != NULL && is_slow(fd)) {
        const struct timespec time = {atol(ms) / 1000, atol(ms) % 1000 * 1000000};
        nanosleep(&time, NULL);
    }
    return (int)syscall(SYS_fsync, fd);
}
