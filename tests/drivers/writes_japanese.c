/* Works with texts in Shift-JIS, code page 932, in which the second byte of a character may be a
 * backslash's. Windows only.
 *
 *   DRV_USER+1  writes C:\TABLE.txt with TABLE in Japanese, answers the error
 *   DRV_USER+2  answers whether a search finds that file under that name
 *   DRV_USER+3  answers the ANSI code page, and the OEM one above its lower 16 bits
 *   DRV_USER+4  answers the locale
 *   DRV_USER+5  answers where the C runtime sees the last backslash in "C:\TABLEx"
 *   DRV_USER+6  answers what the C runtime's table says of TABLE's first byte
 */
#include <mbstring.h>
#include <string.h>

#include "driver_source.h"

#define TABLE "\x95\x5C"

static LRESULT write_file(void) {
    const HANDLE file =
        CreateFileA("C:\\" TABLE ".txt", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return (LRESULT)GetLastError();
    CloseHandle(file);
    return 0;
}

static LRESULT finds_file(void) {
    WIN32_FIND_DATAA found;
    const HANDLE search = FindFirstFileA("C:\\*.txt", &found);
    if (search == INVALID_HANDLE_VALUE) return 0;
    FindClose(search);
    return strcmp(found.cFileName, TABLE ".txt") == 0;
}

static LRESULT last_backslash(void) {
    static const unsigned char path[] = "C:\\" TABLE "x";
    const unsigned char* const at = _mbsrchr(path, '\\');
    return at == NULL ? -1 : at - path;
}

/* By its name, since mingw-w64's mbctype.h takes the table for a pointer to one. */
static LRESULT type_of_lead_byte(void) {
    const unsigned char* const table =
        (const unsigned char*)GetProcAddress(GetModuleHandleA("msvcrt.dll"), "_mbctype");
    return table == NULL ? -1 : table[0x95 + 1];
}

DRIVER_PROC {
    switch (message) {
        case DRV_USER + 1: return write_file();
        case DRV_USER + 2: return finds_file();
        case DRV_USER + 3: return (LRESULT)(GetACP() | GetOEMCP() << 16);
        case DRV_USER + 4: return (LRESULT)GetUserDefaultLCID();
        case DRV_USER + 5: return last_backslash();
        case DRV_USER + 6: return type_of_lead_byte();
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
