/* Writes every message down in its client's journal and answers as the journal says. Messages from
 * DRV_USER on are answered with the sum of their parameters; other unknown ones are left to
 * DefDriverProc. */
#include "driver_source.h"
#include "journal.h"

static journal* book;

static journal* journal_at(const char* address) {
    uintptr_t value = 0;
    for (; *address != '\0'; ++address) {
        const char c = *address;
        value = value << 4 | (uintptr_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return (journal*)value;
}

static void copy_text(journal_entry* entry, LPARAM text) {
#ifdef _WIN32
    const WCHAR* units = (const WCHAR*)text;
#else
    const unsigned char* units = (const unsigned char*)text;
#endif
    while (units[entry->text_length] != 0 && entry->text_length < JOURNAL_TEXT) {
        entry->text[entry->text_length] = units[entry->text_length];
        ++entry->text_length;
    }
}

static void record(journal_entry made) {
    if (book == NULL || book->count == JOURNAL_ENTRIES) return;
    if (made.message == DRV_OPEN && made.lparam1 != 0) {
        copy_text(&made, (LPARAM)made.lparam1);
        made.lparam1 = 1; /* an address says nothing */
    }
    book->entries[book->count++] = made;
}

static LRESULT answer_open(LPARAM lparam2) {
    if (book->open_answer == 0 || (lparam2 == 0 && book->refuse_bare)) return 0;
    return (LRESULT)book->open_answer++;
}

static LRESULT answer(DWORD_PTR id, HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) {
    switch (message) {
        case DRV_LOAD: return book == NULL ? 0 : (LRESULT)book->load_answer;
        case DRV_OPEN: return answer_open(lparam2);
        case DRV_CLOSE: return (LRESULT)book->close_answer;
        default: break;
    }
    if (message >= DRV_USER) return lparam1 + lparam2;
    return DefDriverProc(id, hdrvr, message, lparam1, lparam2);
}

DRIVER_PROC {
    journal_entry made = {0};
    made.message = message;
    made.driver_id = id;
    made.hdrvr = (uint64_t)(uintptr_t)hdrvr;
    made.lparam1 = lparam1;
    made.lparam2 = lparam2;
    made.answer = answer(id, hdrvr, message, lparam1, lparam2);
    record(made);
    return made.answer;
}

#ifdef _WIN32
BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved) {
    (void)reserved;
    journal_entry made = {0};
    if (reason == DLL_PROCESS_ATTACH) {
        char address[32];
        DisableThreadLibraryCalls(module);
        const DWORD length = GetEnvironmentVariableA(JOURNAL_VARIABLE, address, sizeof address);
        if (length != 0 && length < sizeof address) book = journal_at(address);
        made.message = JOURNAL_ATTACH;
        record(made);
    } else if (reason == DLL_PROCESS_DETACH) {
        made.message = JOURNAL_DETACH;
        record(made);
    }
    return TRUE;
}

/* GCC makes calls of these for structures. */
void* memcpy(void* to, const void* from, size_t size) {
    for (size_t i = 0; i < size; ++i)
        ((volatile char*)to)[i] = ((const char*)from)[i];
    return to;
}
void* memset(void* to, int value, size_t size) {
    for (size_t i = 0; i < size; ++i)
        ((volatile char*)to)[i] = (char)value;
    return to;
}
#else
#include <stdlib.h>

__attribute__((constructor)) static void attach(void) {
    const char* address = getenv(JOURNAL_VARIABLE);
    if (address != NULL) book = journal_at(address);
    record((journal_entry){.message = JOURNAL_ATTACH});
}

__attribute__((destructor)) static void detach(void) {
    record((journal_entry){.message = JOURNAL_DETACH});
}
#endif
