/* start_thread(body): calls `body` on a thread of the driver's own, which ends with it. */
#ifndef INSTDRV_TESTS_OWN_THREAD_H
#define INSTDRV_TESTS_OWN_THREAD_H

#include "driver_source.h"

static void (*body_of_thread)(void);

#ifdef _WIN32
static DWORD WINAPI run_thread(void* nothing) {
    (void)nothing;
    body_of_thread();
    return 0;
}
static void start_thread(void (*body)(void)) {
    body_of_thread = body;
    CloseHandle(CreateThread(NULL, 0, run_thread, NULL, 0, NULL));
}
#else
#include <pthread.h>
static void* run_thread(void* nothing) {
    body_of_thread();
    return nothing;
}
static void start_thread(void (*body)(void)) {
    pthread_t thread;
    body_of_thread = body;
    if (pthread_create(&thread, NULL, run_thread, NULL) == 0) pthread_detach(thread);
}
#endif

#endif
