/* Keeps a counter per thread, which DRV_USER raises and answers. It begins at 1000. DRV_USER+1
 * answers how many threads the driver was told of (TLS callbacks; Windows only).
 *
 * GCC for Windows emulates __thread, so the Windows build makes a real TLS directory by hand and
 * reads the thread's copy as Microsoft's compiler does: through the array at GS:[58h], or FS:[2Ch]
 * of 32-bit code. */
#include "driver_source.h"

#ifdef _WIN32
static int* counter(void);
static volatile LONG notified;

static void NTAPI on_thread(PVOID module, DWORD reason, PVOID reserved) {
    (void)module;
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH || reason == DLL_THREAD_ATTACH)
        InterlockedIncrement(&notified);
}

static struct {
    int padding[5];
    int counter;
} initial_data = {{0, 0, 0, 0, 0}, 1000};
static PIMAGE_TLS_CALLBACK callbacks[] = {on_thread, NULL};
ULONG _tls_index;
/* The linker puts the symbol of this name into the data directory. */
const IMAGE_TLS_DIRECTORY _tls_used = {(ULONG_PTR)&initial_data, (ULONG_PTR)(&initial_data + 1),
                                       (ULONG_PTR)&_tls_index, (ULONG_PTR)callbacks,
                                       .SizeOfZeroFill = 32};

static int* counter(void) {
    char** copies;
#ifdef _WIN64
    __asm__("movq %%gs:0x58, %0" : "=r"(copies));
#else
    __asm__("movl %%fs:0x2C, %0" : "=r"(copies));
#endif
    return (int*)(copies[_tls_index] + __builtin_offsetof(__typeof__(initial_data), counter));
}
#define notified_threads() notified
#else
static __thread int native_counter = 1000;
static int* counter(void) { return &native_counter; }
#define notified_threads() 0
#endif

DRIVER_PROC {
    switch (message) {
        case DRV_USER: return ++*counter();
        case DRV_USER + 1: return notified_threads();
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
