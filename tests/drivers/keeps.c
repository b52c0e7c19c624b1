/* Keeps numbers, each in a write of its own, in the store that lParam1 names: KEEPS_REGISTRY,
 * _PROFILE, _FILE, or a _STREAM of the C runtime. Windows only.
 *
 *   DRV_USER+1  numbers on from the last one that was answered, lParam2 of them. The number that
 * was answered last stands in C:\answered.bin, a DWORD per store, from the moment on that its write
 * came back. Answers the error of the first write that failed DRV_USER+2  answers how many of the
 * numbers from 1 to lParam2, of which the last few count, are not there DRV_USER+3  lParam2 numbers
 * under names that begin with the process's id, nothing else DRV_USER+4  answers how many of these
 * are there under the id in lParam2 DRV_USER+5  answers the process's id DRV_USER+6  leaves a
 * stream open with a line in it, C:\stream.txt DRV_USER+7  the same, and ends its process
 *   DRV_USER+8  writes until it fails, answers the error, or -1 if something of the write that
 * failed is there
 *   DRV_USER+9  opens the profile's file and keeps the handle, answers the error
 *   DRV_USER+10 writes the line "late=1" at its end through that handle, answers the error
 *   DRV_USER+11 moves the profile's file, answers the error
 */
#include <errno.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver_source.h"

enum { KEEPS_REGISTRY, KEEPS_PROFILE, KEEPS_FILE, KEEPS_STREAM, STORES };
enum { SLOTS = 64, LINE = 16 };

static const char key_name[] = "Software\\Keeps";
static const char ini[] = "C:\\keeps.ini";
static const char log_file[] = "C:\\keeps.log";

static DWORD put_text(LPARAM store, const char* name, const char* text) {
    if (store == KEEPS_REGISTRY) {
        return (DWORD)RegSetKeyValueA(HKEY_CURRENT_USER, key_name, name, REG_SZ, text,
                                      (DWORD)strlen(text) + 1);
    }
    return WritePrivateProfileStringA("keeps", name, text, ini) ? 0 : GetLastError();
}

/* An empty text where there is none. */
static void get_text(LPARAM store, const char* name, char* text, DWORD size) {
    text[0] = 0;
    if (store == KEEPS_REGISTRY) {
        if (RegGetValueA(HKEY_CURRENT_USER, key_name, name, RRF_RT_REG_SZ, NULL, text, &size)) {
            text[0] = 0;
        }
    } else {
        GetPrivateProfileStringA("keeps", name, "", text, size, ini);
    }
}

static HANDLE open_log(DWORD access) {
    return CreateFileA(log_file, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS, 0,
                       NULL);
}

static DWORD put_line(HANDLE log, DWORD number) {
    char line[LINE + 1];
    DWORD written = 0;
    snprintf(line, sizeof line, "%015lu\n", number);
    return WriteFile(log, line, LINE, &written, NULL) && written == LINE ? 0 : GetLastError();
}

static DWORD put_number(LPARAM store, HANDLE log, DWORD number) {
    char name[32], text[32];
    if (store == KEEPS_FILE) return put_line(log, number);
    snprintf(name, sizeof name, "slot%03lu", number % SLOTS);
    snprintf(text, sizeof text, "%lu", number);
    return put_text(store, name, text);
}

static volatile DWORD* answered_numbers(void) {
    static volatile DWORD* numbers;
    if (numbers == NULL) {
        const HANDLE file = CreateFileA("C:\\answered.bin", GENERIC_READ | GENERIC_WRITE, 0, NULL,
                                        OPEN_ALWAYS, 0, NULL);
        const HANDLE mapping =
            CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, STORES * sizeof(DWORD), NULL);
        numbers = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0);
    }
    return numbers;
}

static LRESULT keep(LPARAM store, LPARAM count) {
    volatile DWORD* const answered = answered_numbers() + store;
    const HANDLE log = store == KEEPS_FILE ? open_log(GENERIC_WRITE) : INVALID_HANDLE_VALUE;
    DWORD error = 0;
    if (store == KEEPS_FILE) { /* a line whose write was not answered may be there in part */
        SetFilePointer(log, (LONG)(*answered * LINE), NULL, FILE_BEGIN);
        SetEndOfFile(log);
    }
    while (error == 0 && count-- > 0) {
        error = put_number(store, log, *answered + 1);
        if (error == 0) ++*answered;
    }
    if (store == KEEPS_FILE) CloseHandle(log);
    return (LRESULT)error;
}

static int has_line(HANDLE log, DWORD number) {
    char line[LINE + 1] = {0}, wanted[LINE + 1];
    DWORD got = 0;
    snprintf(wanted, sizeof wanted, "%015lu\n", number);
    SetFilePointer(log, (LONG)((number - 1) * LINE), NULL, FILE_BEGIN);
    return ReadFile(log, line, LINE, &got, NULL) && got == LINE && strcmp(line, wanted) == 0;
}

/* The write behind the last that was answered may have been done. */
static int has_number(LPARAM store, HANDLE log, DWORD number, DWORD last) {
    char name[32], text[32];
    if (store == KEEPS_FILE) return has_line(log, number);
    snprintf(name, sizeof name, "slot%03lu", number % SLOTS);
    get_text(store, name, text, sizeof text);
    const DWORD found = strtoul(text, NULL, 10);
    return found == number || (found == last + 1 && found % SLOTS == number % SLOTS);
}

static LRESULT missing(LPARAM store, LPARAM last) {
    const HANDLE log = store == KEEPS_FILE ? open_log(GENERIC_READ) : INVALID_HANDLE_VALUE;
    LRESULT count = 0;
    for (LPARAM number = last > SLOTS ? last - SLOTS + 1 : 1; number <= last; ++number)
        count += !has_number(store, log, (DWORD)number, (DWORD)last);
    if (store == KEEPS_FILE) CloseHandle(log);
    return count;
}

static LRESULT keep_under_id(LPARAM store, LPARAM count) {
    char name[32];
    for (LPARAM number = 0; number < count; ++number) {
        snprintf(name, sizeof name, "%lu-%ld", GetCurrentProcessId(), (long)number);
        const DWORD error = put_text(store, name, name);
        if (error != 0) return -(LRESULT)error;
    }
    return count;
}

static LRESULT count_under_id(LPARAM store, LPARAM id) {
    char name[32], text[32];
    for (LRESULT number = 0;; ++number) {
        snprintf(name, sizeof name, "%lu-%ld", (DWORD)id, (long)number);
        get_text(store, name, text, sizeof text);
        if (strcmp(name, text) != 0) return number;
    }
}

static LRESULT leave_in_stream(void) {
    FILE* const stream = fopen("C:\\stream.txt", "w");
    return stream != NULL && fputs("in the stream\n", stream) >= 0;
}

static LRESULT fill_texts(LPARAM store) {
    char name[32], text[512], found[512];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    for (DWORD number = 0;; ++number) {
        snprintf(name, sizeof name, "fill%lu", number);
        const DWORD error = put_text(store, name, text);
        if (error == 0) continue;
        get_text(store, name, found, sizeof found);
        return found[0] == 0 ? (LRESULT)error : -1;
    }
}

static LRESULT fill_file(void) {
    static const char block[10000];
    const HANDLE log = open_log(GENERIC_WRITE);
    for (DWORD size = 0;; size += sizeof block) {
        DWORD written = 0;
        if (WriteFile(log, block, sizeof block, &written, NULL)) continue;
        const LRESULT error = (LRESULT)GetLastError();
        const BOOL nothing = written == 0 && GetFileSize(log, NULL) == size;
        CloseHandle(log);
        return nothing ? error : -1;
    }
}

static LRESULT fill_stream(void) {
    static const char block[10000];
    FILE* const stream = fopen(log_file, "wb");
    if (stream == NULL) return -2;
    while (fwrite(block, 1, sizeof block, stream) == sizeof block) {
    }
    const int error = errno;
    const int failed = ferror(stream) != 0;
    fclose(stream);
    return failed ? error : -1;
}

static LRESULT fill(LPARAM store) {
    if (store == KEEPS_FILE) return fill_file();
    return store == KEEPS_STREAM ? fill_stream() : fill_texts(store);
}

static HANDLE kept_ini = INVALID_HANDLE_VALUE;

static LRESULT open_ini(void) {
    kept_ini = CreateFileA(ini, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                           NULL, OPEN_EXISTING, 0, NULL);
    return kept_ini == INVALID_HANDLE_VALUE ? (LRESULT)GetLastError() : 0;
}

static LRESULT write_late(void) {
    static const char line[] = "late=1\r\n";
    DWORD written = 0;
    SetFilePointer(kept_ini, 0, NULL, FILE_END);
    return WriteFile(kept_ini, line, sizeof line - 1, &written, NULL) ? 0 : (LRESULT)GetLastError();
}

static LRESULT move_ini(void) {
    return MoveFileA(ini, "C:\\moved.ini") ? 0 : (LRESULT)GetLastError();
}

DRIVER_PROC {
    switch (message) {
        case DRV_USER + 1: return keep(lparam1, lparam2);
        case DRV_USER + 2: return missing(lparam1, lparam2);
        case DRV_USER + 3: return keep_under_id(lparam1, lparam2);
        case DRV_USER + 4: return count_under_id(lparam1, lparam2);
        case DRV_USER + 5: return (LRESULT)GetCurrentProcessId();
        case DRV_USER + 6: return leave_in_stream();
        case DRV_USER + 7: return leave_in_stream() ? (ExitProcess(0), 0) : 0;
        case DRV_USER + 8: return fill(lparam1);
        case DRV_USER + 9: return open_ini();
        case DRV_USER + 10: return write_late();
        case DRV_USER + 11: return move_ini();
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
