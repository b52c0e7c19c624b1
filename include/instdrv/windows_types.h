/* The sized Windows types of the driver interface, for Linux.
 *
 * Windows is an LLP64 system: LONG and DWORD have 32 bits, pointers and everything named *_PTR or
 * LPARAM have the size of a pointer. Text is UTF-16 where a name begins with W or LPCWSTR, UTF-8
 * elsewhere. Compiles alone as C11 and as C++20.
 *
 * https://learn.microsoft.com/windows/win32/winprog/windows-data-types
 */
#ifndef INSTDRV_WINDOWS_TYPES_H
#define INSTDRV_WINDOWS_TYPES_H

#include <stddef.h>
#include <stdint.h>
#ifndef __cplusplus
#include <uchar.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef uint8_t BYTE;
typedef uint16_t WORD;
typedef uint32_t DWORD;
typedef int32_t LONG;
typedef uint32_t UINT;
typedef int32_t BOOL;
typedef char16_t WCHAR; /* one UTF-16 code unit */
typedef const WCHAR* LPCWSTR;
typedef WCHAR* LPWSTR;
typedef const char* LPCSTR;
typedef char* LPSTR;
typedef uintptr_t DWORD_PTR;
typedef uintptr_t UINT_PTR;
typedef intptr_t LONG_PTR;
typedef uintptr_t WPARAM;
typedef intptr_t LPARAM;
typedef intptr_t LRESULT;
typedef void* HANDLE;
typedef struct instdrv_hwnd* HWND;
typedef struct instdrv_hmodule* HMODULE; /* a loaded image; opaque */
typedef HMODULE HINSTANCE;
typedef struct instdrv_hdrvr* HDRVR; /* an open driver instance; a number, never dereferenced */

#ifndef TRUE
#define TRUE 1
#define FALSE 0
#endif

#ifdef __cplusplus
}
#endif
#endif
