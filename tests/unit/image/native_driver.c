/* A native driver, and by definition of a SIN one that is none. */
#include <instdrv/driver.h>

#if defined(SIN_DATA)
__attribute__((visibility("default"))) int DriverProc_is_data __asm__("DriverProc") = 1;
#else

#if defined(SIN_MANGLED)
#define NAME "_Z10DriverProcmP13instdrv_hdrvrjll"
#else
#define NAME "DriverProc"
#endif

#if defined(SIN_HIDDEN)
#define VISIBILITY "hidden"
#else
#define VISIBILITY "default"
#endif

#if defined(SIN_UNDEFINED) || defined(SIN_MISSING_LIBRARY)
int nobody_has_this(void);
#else
static int nobody_has_this(void) { return 1; }
#endif

__attribute__((visibility(VISIBILITY))) LRESULT entry(DWORD_PTR id, HDRVR hdrvr, UINT message,
                                                      LPARAM lparam1, LPARAM lparam2) __asm__(NAME);

LRESULT entry(DWORD_PTR id, HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) {
    (void)id;
    (void)hdrvr;
    return message == DRV_LOAD ? nobody_has_this() : lparam1 + lparam2;
}

#endif
