/* What recorder_session does differently under Windows and on Linux. */
#ifndef INSTDRV_TESTS_RECORDER_PLATFORM_H
#define INSTDRV_TESTS_RECORDER_PLATFORM_H

#ifdef _WIN32
#include <windows.h>

#include <mmsystem.h> /* needs the types of windows.h */
#else
#include <instdrv/driver.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Lets drivers find the journal at `address`. */
void set_journal(const void* address);
/* Text is UTF-8. */
HDRVR open_driver(const char* name, const char* section, LPARAM lparam2);
/* Adds an entry to the configuration that OpenDriver looks in. */
void set_alias(const char* section, const char* name, const char* value);
void remove_aliases(void);

#ifdef __cplusplus
}
#endif

#endif
