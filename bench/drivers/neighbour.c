/* A native driver that works, or takes what it can get. "state.txt" beside it names its state
 * folder.
 *
 *   DRV_USER + 1  writes a file of 4 KiB to its state folder and flushes it; answers 1
 *   DRV_USER + 2  begins what lParam1 says, an `attack`, on threads of its own that never end;
 *                 answers how many those are
 *   DRV_USER + 3  ends its process
 *   DRV_USER + 4  computes for some tens of microseconds, as a codec does
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <instdrv/driver.h>

#include "neighbour.h"

static HDRVR own;
static char folder[512];
static char state[512];

static void find_folders(void) {
    Dl_info self;
    char text[600];
    if (dladdr((void*)find_folders, &self) == 0) return;
    const char* const slash = strrchr(self.dli_fname, '/');
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - self.dli_fname), self.dli_fname);
    snprintf(text, sizeof text, "%s/state.txt", folder);
    const int file = open(text, O_RDONLY | O_CLOEXEC);
    const ssize_t length = file < 0 ? 0 : read(file, state, sizeof state - 1);
    state[length < 0 ? 0 : length] = '\0';
    if (file >= 0) close(file);
}

static int write_file(const char* name, int number, int flush) {
    static const char content[4096] = "kept";
    char path[600];
    snprintf(path, sizeof path, "%s/%s%d", state, name, number);
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return 0;
    const int whole = write(file, content, sizeof content) == (ssize_t)sizeof content;
    const int flushed = !flush || fsync(file) == 0;
    close(file);
    return whole && flushed;
}

/* ---- attacks, each on a thread ----------------------------------------------------------------
 */

static volatile unsigned long long counted;

static void compute(void) {
    for (;;)
        counted = counted + 1;
}

static LRESULT work(void) {
    volatile int done = 0;
    while (done < rounds_of_work)
        done = done + 1;
    return done;
}

static void take_memory(void) {
    const size_t size = (size_t)256 << 20;
    for (;;) {
        char* const block =
            mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (size_t i = 0; block != MAP_FAILED && i < size; i += 4096)
            block[i] = 1;
        if (block != MAP_FAILED) munmap(block, size);
    }
}

static void print(void) {
    static const char line[] = "a line of somebody who has nothing to say\n";
    while (write(STDOUT_FILENO, line, sizeof line - 1) > 0) {
    }
}

static void make_files(void) {
    enum { kept = 20000 };
    for (int i = 0;; i = (i + 1) % kept)
        write_file("file", i, 0);
}

static void flush_files(void) {
    for (;;)
        write_file("flushed", 0, 1);
}

static void ask(void) {
    for (;;)
        GetDriverModuleHandle(own);
}

static HDRVR open_beside(void) { return OpenDriverA("beside.so", NULL, 0); }

/* Of a driver that stays loaded. */
static void open_and_close(void) {
    open_beside();
    for (;;)
        CloseDriver(open_beside(), 0, 0);
}

/* Of one that is not: each open starts a worker. */
static void start_workers(void) {
    for (;;)
        CloseDriver(open_beside(), 0, 0);
}

static void open_and_keep(void) {
    while (open_beside() != NULL) {
    }
    for (;;)
        pause();
}

/* In lanes that nobody waits in: where somebody does, a ring without a message ends the worker. Of
 * src/channel/layout.hpp. */
static void ring(void) {
    enum { page = 4096, first = 40, last = 46 };
    char line[512];
    unsigned long begin = 0;
    FILE* const maps = fopen("/proc/self/maps", "re");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        if (strstr(line, "instdrv-channel") != NULL && sscanf(line, "%lx", &begin) == 1) break;
    }
    if (maps != NULL) fclose(maps);
    for (int lane = first; begin != 0; lane = lane == last ? first : lane + 1) {
        volatile uint32_t* const bell = (uint32_t*)(begin + page + (size_t)lane * 2 * page + page);
        *bell = *bell + 1;
        syscall(SYS_futex, bell, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    }
}

static void (*const attacks[])(void) = {
    [attack_compute] = compute,
    [attack_memory] = take_memory,
    [attack_print] = print,
    [attack_files] = make_files,
    [attack_flush] = flush_files,
    [attack_requests] = ask,
    [attack_opens] = open_and_close,
    [attack_workers] = start_workers,
    [attack_instances] = open_and_keep,
    [attack_rings] = ring,
};

static void* run(void* attack) {
    ((void (*)(void))attack)();
    return NULL;
}

static LRESULT begin(LPARAM attack, LPARAM threads) {
    LRESULT begun = 0;
    for (LPARAM i = 0; i < threads; ++i) {
        pthread_t thread;
        begun += pthread_create(&thread, NULL, run, (void*)attacks[attack]) == 0;
    }
    return begun;
}

INSTDRV_API LRESULT CALLBACK DriverProc(DWORD_PTR id, HDRVR hdrvr, UINT message, LPARAM lparam1,
                                        LPARAM lparam2) {
    switch (message) {
        case DRV_OPEN:
            own = hdrvr;
            find_folders();
            return 1;
        case DRV_EXITSESSION: return write_file("exit", 0, 0);
        case DRV_CLOSE: return 1;
        case DRV_USER + 1: return write_file("flushed", 0, 1);
        case DRV_USER + 2: return begin(lparam1, lparam2);
        case DRV_USER + 3: _exit(0);
        case DRV_USER + 4: return work();
        default: return DefDriverProc(id, hdrvr, message, lparam1, lparam2);
    }
}
