#include <stdio.h>

#include "recorder_platform.h"

#include "drivers/journal.h"

enum { WIDE = 2048, ALIASES = 16, NAME = 64 };

static struct {
    char section[NAME];
    char name[NAME];
} aliases[ALIASES];
static unsigned alias_count;

void set_journal(const void* address) {
    char text[32];
    snprintf(text, sizeof text, "%llX", (unsigned long long)(UINT_PTR)address);
    SetEnvironmentVariableA(JOURNAL_VARIABLE, text);
}

HDRVR open_driver(const char* name, const char* section, LPARAM lparam2) {
    WCHAR wide_name[WIDE], wide_section[WIDE];
    MultiByteToWideChar(CP_UTF8, 0, name, -1, wide_name, WIDE);
    if (section != NULL) MultiByteToWideChar(CP_UTF8, 0, section, -1, wide_section, WIDE);
    return OpenDriver(wide_name, section != NULL ? wide_section : NULL, lparam2);
}

void set_alias(const char* section, const char* name, const char* value) {
    WritePrivateProfileStringA(section, name, value, "system.ini");
    if (alias_count == ALIASES) return;
    snprintf(aliases[alias_count].section, NAME, "%s", section);
    snprintf(aliases[alias_count++].name, NAME, "%s", name);
}

void remove_aliases(void) {
    while (alias_count > 0) {
        --alias_count;
        WritePrivateProfileStringA(aliases[alias_count].section, aliases[alias_count].name, NULL,
                                   "system.ini");
    }
}
