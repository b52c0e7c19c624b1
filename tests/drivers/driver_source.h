/* What the small drivers of this folder share. Each source builds twice: as a Windows DLL with
 * mingw-w64 (no C runtime, unless it says so) and as a native driver.
 *
 *   DRIVER_PROC     begins the definition of DriverProc; its arguments are id, hdrvr, message,
 *                   lparam1, lparam2
 *   pause_ms(n)     sleeps
 */
#ifndef INSTDRV_TESTS_DRIVER_SOURCE_H
#define INSTDRV_TESTS_DRIVER_SOURCE_H

#ifdef _WIN32
#include <windows.h>

#include <mmsystem.h> /* needs the types of windows.h */
#define DRIVER_EXPORT __declspec(dllexport)
/* In no header of mingw-w64's, though its import library has it. */
BOOL WINAPI DriverCallback(DWORD_PTR callback, DWORD flags, HDRVR device, DWORD message,
                           DWORD_PTR user, DWORD_PTR param1, DWORD_PTR param2);
#define DCB_FUNCTION 0x0003
#else
#include <instdrv/driver.h>
#include <unistd.h>
#define DRIVER_EXPORT INSTDRV_API
#endif

#ifdef __cplusplus
#define DRIVER_C extern "C"
#else
#define DRIVER_C
#endif

#define DRIVER_PROC                                                                             \
    DRIVER_C DRIVER_EXPORT LRESULT CALLBACK DriverProc(DWORD_PTR id, HDRVR hdrvr, UINT message, \
                                                       LPARAM lparam1, LPARAM lparam2)

/* What most of them do with a message that is not their sin. */
static inline LRESULT behave(DWORD_PTR id, HDRVR hdrvr, UINT message, LPARAM lparam1,
                             LPARAM lparam2) {
    if (message == DRV_OPEN || message == DRV_CLOSE) return 1;
    return DefDriverProc(id, hdrvr, message, lparam1, lparam2);
}

static inline void pause_ms(unsigned milliseconds) {
#ifdef _WIN32
    Sleep(milliseconds);
#else
    usleep(milliseconds * 1000);
#endif
}

#endif
