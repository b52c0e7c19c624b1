/* Installable drivers: the Windows interface, in plain C.
 *
 * To write a native driver, export DriverProc from a shared object and use the messages below. To
 * use drivers, call OpenDriver, SendDriverMessage and CloseDriver, on Windows DLLs and native
 * drivers alike.
 *
 * Names, values and layouts are those of Windows' mmsystem.h, mmddk.h and, for what only Windows
 * 3.1 had, windows.h. Functions in lower case with the prefix instdrv_ are this project's own.
 *
 * Threads: every function may be called from any thread, and from inside a driver's own handler.
 * No lock is held while driver code runs. A driver in this process runs with the calling thread's
 * floating-point control words, and changes of them stay in force for the caller; in a worker it
 * has threads and control words of its own. Errors: a function that fails returns 0 or NULL, as on
 * Windows; instdrv_last_error_code() and instdrv_last_error_text() then say why.
 *
 * https://learn.microsoft.com/windows/win32/multimedia/installable-drivers
 */
#ifndef INSTDRV_DRIVER_H
#define INSTDRV_DRIVER_H

#include <instdrv/devices.h>
#include <instdrv/messages.h>
#include <instdrv/windows_types.h>

#if defined(__GNUC__)
#define INSTDRV_API __attribute__((visibility("default")))
#else
#define INSTDRV_API
#endif

/* A native driver's DriverProc uses the platform's own calling convention. */
#define CALLBACK
#define WINAPI

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what a driver exports ------------------------------------------------------------------ */

/* The one entry point of a driver, exported by this name.
 *
 * driver_id  what the driver answered to DRV_OPEN; 0 with LOAD, ENABLE, OPEN, DISABLE and FREE
 * hdrvr      the instance the message is for; unique among open instances
 * message    DRV_* or a message of the driver's protocol; may be 0, and unknown ones go to
 *            DefDriverProc
 *
 * The calling thread is any thread. Text in lParam1 of DRV_OPEN is UTF-8 for a native driver,
 * UTF-16 for a Windows DLL, and valid during the call only.
 * https://learn.microsoft.com/windows/win32/api/mmiscapi/nc-mmiscapi-driverproc */
typedef LRESULT(CALLBACK* DRIVERPROC)(DWORD_PTR driver_id, HDRVR hdrvr, UINT message,
                                      LPARAM lparam1, LPARAM lparam2);

/* For a driver to define. */
INSTDRV_API LRESULT CALLBACK DriverProc(DWORD_PTR driver_id, HDRVR hdrvr, UINT message,
                                        LPARAM lparam1, LPARAM lparam2);

/* ---- structures ----------------------------------------------------------------------------- */

/* lParam2 of DRV_CONFIGURE and DRV_INSTALL. Packed to one byte as Windows' headers do: 20 bytes
 * where pointers have 8, 12 where they have 4. Both texts may be NULL.
 * https://learn.microsoft.com/windows/win32/api/mmiscapi/ns-mmiscapi-drvconfiginfo */
#pragma pack(push, 1)
typedef struct DRVCONFIGINFO {
    DWORD dwDCISize;            /* sizeof(DRVCONFIGINFO) */
    LPCWSTR lpszDCISectionName; /* system.ini section or registry key the driver's entry is in */
    LPCWSTR lpszDCIAliasName;   /* name of that entry */
} DRVCONFIGINFO;

/* The same with a device node behind it, told apart by dwDCISize. */
typedef struct DRVCONFIGINFOEX {
    DWORD dwDCISize;
    LPCWSTR lpszDCISectionName;
    LPCWSTR lpszDCIAliasName;
    DWORD dnDevNode;
} DRVCONFIGINFOEX;

/* The structure that GetDriverInfo fills in. Set length to sizeof(DRIVERINFOSTRUCT) first. */
typedef struct DRIVERINFOSTRUCT {
    UINT length;
    HDRVR hDriver;
    HINSTANCE hModule;
    char szAliasName[128]; /* the name the driver was opened by, UTF-8, cut to fit */
} DRIVERINFOSTRUCT;
#pragma pack(pop)

/* ---- Windows' functions --------------------------------------------------------------------- */

/* Opens a driver: by its alias in the configuration (section_name NULL: the default section), else
 * as a file. A name with a slash or backslash is a file at once. Text after the name reaches the
 * driver as lParam1 of DRV_OPEN; quote a path with spaces. lparam2 reaches it unchanged.
 * Returns NULL on failure. OpenDriver takes UTF-16, OpenDriverA UTF-8.
 * https://learn.microsoft.com/windows/win32/api/mmiscapi/nf-mmiscapi-opendriver */
INSTDRV_API HDRVR WINAPI OpenDriver(LPCWSTR driver_name, LPCWSTR section_name, LPARAM lparam2);
INSTDRV_API HDRVR WINAPI OpenDriverA(LPCSTR driver_name, LPCSTR section_name, LPARAM lparam2);

/* Closes an instance and returns the driver's own answer to DRV_CLOSE. 0: the handle is not open,
 * or the driver refused; then the instance stays open (see instdrv_close_forced). Waits for
 * messages that other threads have under way in this instance.
 * https://learn.microsoft.com/windows/win32/api/mmiscapi/nf-mmiscapi-closedriver */
INSTDRV_API LRESULT WINAPI CloseDriver(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2);

/* Sends a message to an instance on the calling thread and returns the driver's answer. LOAD,
 * ENABLE, OPEN, CLOSE, DISABLE, FREE, EXITSESSION and EXITAPPLICATION are the system's to send and
 * are refused with 0.
 * https://learn.microsoft.com/windows/win32/api/mmiscapi/nf-mmiscapi-senddrivermessage */
INSTDRV_API LRESULT WINAPI SendDriverMessage(HDRVR hdrvr, UINT message, LPARAM lparam1,
                                             LPARAM lparam2);

/* The answer to a message that a driver does not know: 1 for LOAD, FREE, ENABLE, DISABLE, INSTALL
 * and REMOVE, 0 for every other.
 * https://learn.microsoft.com/windows/win32/api/mmiscapi/nf-mmiscapi-defdriverproc */
INSTDRV_API LRESULT WINAPI DefDriverProc(DWORD_PTR driver_id, HDRVR hdrvr, UINT message,
                                         LPARAM lparam1, LPARAM lparam2);
INSTDRV_API LRESULT WINAPI DrvDefDriverProc(DWORD_PTR driver_id, HDRVR hdrvr, UINT message,
                                            LPARAM lparam1, LPARAM lparam2);

/* The loaded image behind an instance, NULL for a bad handle. For a Windows DLL it is the address
 * the image is mapped at.
 * https://learn.microsoft.com/windows/win32/api/mmiscapi/nf-mmiscapi-getdrivermodulehandle */
INSTDRV_API HMODULE WINAPI GetDriverModuleHandle(HDRVR hdrvr);
INSTDRV_API HMODULE WINAPI DrvGetModuleHandle(HDRVR hdrvr);

/* For drivers: tells a client of something. flags is one DCB_* kind, DCB_NOSWITCH is ignored.
 * DCB_FUNCTION calls a DRVCALLBACK; DCB_EVENT sets an event (instdrv_create_event); DCB_TASK queues
 * a message for the thread whose id (gettid) is `callback` (instdrv_wait_thread_message).
 * DCB_WINDOW fails: there are no windows here. Returns FALSE when nothing was delivered.
 * https://learn.microsoft.com/windows/win32/api/mmiscapi/nf-mmiscapi-drivercallback */
typedef void(CALLBACK* DRVCALLBACK)(HDRVR hdrvr, UINT message, DWORD_PTR user, DWORD_PTR param1,
                                    DWORD_PTR param2);
INSTDRV_API BOOL WINAPI DriverCallback(DWORD_PTR callback, DWORD flags, HDRVR device, DWORD message,
                                       DWORD_PTR user, DWORD_PTR param1, DWORD_PTR param2);

/* Walks the open instances: NULL starts at the first (GND_REVERSE: the last), NULL comes back at
 * the end. GND_FIRSTINSTANCEONLY names each module once, by its first instance. Windows 3.1. */
INSTDRV_API HDRVR WINAPI GetNextDriver(HDRVR hdrvr, DWORD flags);
INSTDRV_API BOOL WINAPI GetDriverInfo(HDRVR hdrvr, DRIVERINFOSTRUCT* info);

/* ---- this project's own --------------------------------------------------------------------- */

/* Why the last function of this header that failed on this thread failed. The code is one of
 * instdrv_error_code, 0 if none failed yet. The text is UTF-8, says what to do next where that is
 * known, and stays valid until the next failure on this thread. Never NULL. */
typedef enum instdrv_error_code {
    INSTDRV_OK = 0,
    INSTDRV_INVALID_ARGUMENT = 1,
    INSTDRV_BAD_HANDLE = 2,       /* not an open instance, or closed by now */
    INSTDRV_NOT_FOUND = 3,        /* neither an alias nor a file */
    INSTDRV_BAD_IMAGE = 4,        /* the file is no driver: damaged, or of another kind */
    INSTDRV_WRONG_MACHINE = 5,    /* built for a processor this process cannot run */
    INSTDRV_REFUSED_LOAD = 6,     /* the driver answered 0 to DRV_LOAD */
    INSTDRV_REFUSED_OPEN = 7,     /* the driver answered 0 to DRV_OPEN */
    INSTDRV_REFUSED_CLOSE = 8,    /* the driver answered 0 to DRV_CLOSE; it is still open */
    INSTDRV_RESERVED_MESSAGE = 9, /* a message that only the system sends */
    INSTDRV_BUSY = 10,            /* waiting for it could never end: two threads hold each other */
    INSTDRV_MISSING_IMPORT = 11,  /* the driver called a function that nobody provides */
    INSTDRV_EXITING = 12,         /* the session is ending: nothing is opened any more */
    INSTDRV_UNSUPPORTED = 13,     /* documented to fail here, such as DCB_WINDOW */
    INSTDRV_TIMED_OUT = 14,       /* the driver did not answer in time */
    INSTDRV_BROKEN = 15,          /* an earlier call broke the module; only closing it is left */
    INSTDRV_IO = 16,              /* the operating system refused: see the text */
    INSTDRV_OUT_OF_MEMORY = 17,   /* the machine's, or what a worker may have of it */
    INSTDRV_CONFIGURATION = 18,   /* the configuration file cannot be used as it is */
    INSTDRV_CRASHED = 19,         /* the driver's worker died of a signal, as of a bad address */
    INSTDRV_DENIED = 20,          /* the driver tried what its sandbox does not allow */
    INSTDRV_EXITED = 21,          /* the driver ended its worker process itself */
    INSTDRV_LAST_ERROR_CODE = INSTDRV_EXITED
} instdrv_error_code;

INSTDRV_API int instdrv_last_error_code(void);
INSTDRV_API const char* instdrv_last_error_text(void);

/* Closes an instance whatever its driver answers to DRV_CLOSE. Returns FALSE for a bad handle
 * only. *answer, if not NULL, receives what the driver answered. */
INSTDRV_API BOOL instdrv_close_forced(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2, LRESULT* answer);

/* Ends the session of this process's drivers: every open instance gets DRV_EXITSESSION, then, when
 * all have answered or used up notify_timeout_ms, each is closed and each module disabled, freed
 * and unloaded within close_timeout_ms. No driver can be opened afterwards. Returns the number of
 * drivers that did not end well, -1 for a failure (already ended, negative time).
 * instdrv::Host gives the whole report. */
INSTDRV_API int instdrv_exit_session(int notify_timeout_ms, int close_timeout_ms);

/* Names the configuration (a system.ini) that aliases are looked up in, in place of the file that
 * the environment variable INSTDRV_CONFIG names. Returns FALSE if it cannot be read. */
INSTDRV_API BOOL instdrv_set_configuration(LPCSTR path);

/* The session that another process holds (`instdrv run`, the instdrv service), the twin of
 * instdrv::connect() of <instdrv/connect.hpp>: from now on the functions above open and message
 * that session's drivers, shared with every other program that does. Handles from before stay
 * valid. FALSE, with an error, where there is no session or this process is connected already.
 * instdrv_disconnect closes what was opened there, with a word to the drivers; a process that ends
 * without it has ended abnormally for them. No other thread may be inside of these functions. */
INSTDRV_API BOOL instdrv_connect(void);
INSTDRV_API BOOL instdrv_disconnect(void);

/* Events for DCB_EVENT. An event is owned by who created it until instdrv_close_event. wait returns
 * TRUE when it was set, FALSE after timeout_ms (negative: no limit) or for a bad handle. */
INSTDRV_API HANDLE instdrv_create_event(BOOL manual_reset, BOOL initially_set);
INSTDRV_API BOOL instdrv_wait_event(HANDLE event, int timeout_ms);
INSTDRV_API BOOL instdrv_close_event(HANDLE event);

/* The queue that DCB_TASK fills, one per thread, made by the thread's first call of wait. */
typedef struct instdrv_thread_message {
    UINT message;
    HDRVR device;
    DWORD_PTR param1;
} instdrv_thread_message;
INSTDRV_API DWORD instdrv_thread_id(void);
INSTDRV_API BOOL instdrv_wait_thread_message(instdrv_thread_message* out, int timeout_ms);

#ifdef __cplusplus
}
#endif

#ifdef __cplusplus
static_assert(sizeof(DRVCONFIGINFO) == 4 + 2 * sizeof(void*), "packed as mmsystem.h has it");
static_assert(sizeof(DRVCONFIGINFOEX) == 8 + 2 * sizeof(void*), "packed as mmsystem.h has it");
static_assert(sizeof(DRIVERINFOSTRUCT) == 4 + 2 * sizeof(void*) + 128,
              "packed as windows.h has it");
#else
_Static_assert(sizeof(DRVCONFIGINFO) == 4 + 2 * sizeof(void*), "packed as mmsystem.h has it");
_Static_assert(sizeof(DRVCONFIGINFOEX) == 8 + 2 * sizeof(void*), "packed as mmsystem.h has it");
_Static_assert(sizeof(DRIVERINFOSTRUCT) == 4 + 2 * sizeof(void*) + 128,
               "packed as windows.h has it");
#endif

#endif
