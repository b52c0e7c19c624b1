/* Drives the recording driver by a script and prints what every step returned and what the driver
 * got meanwhile. Built twice: for Windows, to run under Wine with its winmm, and for Linux with
 * instdrv. What it prints is free of addresses, so that the two can be compared.
 *
 *     recorder_session DRIVER FOLDER <SCRIPT
 *
 * DRIVER is the driver's file, FOLDER one with a blank in its name that has a copy of it. Steps,
 * one a line, with decimal numbers; @D and @S in names stand for the two files, "-" for no section:
 *
 *     answer load|open|close|bare NUMBER    what the driver answers from now on; see journal.h
 *     alias SECTION NAME VALUE...           an entry of the configuration
 *     open LABEL LPARAM2 SECTION NAME...
 *     send LABEL MESSAGE LPARAM1 LPARAM2
 *     close LABEL LPARAM1 LPARAM2
 *     module LABEL                          is there a module handle?
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recorder_platform.h"

#include "drivers/journal.h"

enum { LINE = 1024, LABELS = 26, HANDLES = 64 };

static journal book;
static uint32_t printed;          /* entries of the journal */
static HDRVR labels[LABELS];      /* by letter */
static uint64_t handles[HANDLES]; /* as the driver saw them, by number */
static unsigned handle_count;

/* Handles are numbered as they appear. Those of closed instances are forgotten, as a system may use
 * them again. */
static unsigned number_of(uint64_t handle) {
    for (unsigned i = 0; i < handle_count; ++i) {
        if (handles[i] == handle) return i + 1;
    }
    if (handle_count < HANDLES) handles[handle_count++] = handle;
    return handle_count;
}

static void forget(uint64_t handle) {
    for (unsigned i = 0; i < handle_count; ++i) {
        if (handles[i] == handle) handles[i] = 0;
    }
}

static const char* name_of(uint32_t message) {
    static const char* const names[] = {"0",       "LOAD", "ENABLE",    "OPEN",           "CLOSE",
                                        "DISABLE", "FREE", "CONFIGURE", "QUERYCONFIGURE", "INSTALL",
                                        "REMOVE"};
    static char number[16];
    if (message < sizeof names / sizeof names[0]) return names[message];
    snprintf(number, sizeof number, "%u", (unsigned)message);
    return number;
}

static void print_text(const journal_entry* entry) {
    if (entry->lparam1 == 0) {
        printf(" no text");
        return;
    }
    printf(" \"");
    for (uint32_t i = 0; i < entry->text_length; ++i) {
        const unsigned unit = entry->text[i];
        printf(unit >= 0x20 && unit < 0x7F ? "%c" : "{%04X}", unit);
    }
    printf("\"");
}

static void print_entry(const journal_entry* entry) {
    if (entry->message == JOURNAL_ATTACH) {
        printf("  attach\n");
    } else if (entry->message == JOURNAL_DETACH) {
        handle_count = 0;
        printf("  detach\n");
    } else {
        printf("  %s id %lld handle %u", name_of(entry->message), (long long)entry->driver_id,
               number_of(entry->hdrvr));
        if (entry->message == DRV_OPEN) {
            print_text(entry);
        } else {
            printf(" %lld", (long long)entry->lparam1);
        }
        printf(" %lld -> %lld\n", (long long)entry->lparam2, (long long)entry->answer);
    }
}

static void print_news(void) {
    for (; printed < book.count; ++printed)
        print_entry(&book.entries[printed]);
}

static HDRVR* label(const char* name) { return &labels[(name[0] - 'a') % LABELS]; }

static int64_t* answer_to(const char* message) {
    if (strcmp(message, "load") == 0) return &book.load_answer;
    if (strcmp(message, "open") == 0) return &book.open_answer;
    if (strcmp(message, "close") == 0) return &book.close_answer;
    return &book.refuse_bare;
}

/* Replaces @D and @S. */
static void expand(const char* from, char* to, const char* driver, const char* spaced) {
    for (; *from != '\0' && *from != '\n'; ++from) {
        const char* file = NULL;
        if (strncmp(from, "@D", 2) == 0) file = driver;
        if (strncmp(from, "@S", 2) == 0) file = spaced;
        if (file == NULL) {
            *to++ = *from;
            continue;
        }
        to += sprintf(to, "%s", file);
        ++from;
    }
    *to = '\0';
}

static void step_open(const char* who, long lparam2, const char* section, const char* name) {
    HDRVR opened = open_driver(name, strcmp(section, "-") == 0 ? NULL : section, lparam2);
    *label(who) = opened;
    const uint32_t before = printed;
    print_news();
    for (uint32_t i = before; i < printed; ++i) {
        const journal_entry* entry = &book.entries[i];
        if (entry->message == DRV_OPEN && entry->answer == 0) forget(entry->hdrvr);
    }
    printf("  opened: %s\n", opened != NULL ? "yes" : "no");
}

static void step_send(const char* who, unsigned message, long lparam1, long lparam2) {
    const LRESULT answer = SendDriverMessage(*label(who), message, lparam1, lparam2);
    print_news();
    printf("  answer: %lld\n", (long long)answer);
}

static void step_close(const char* who, long lparam1, long lparam2) {
    const LRESULT answer = CloseDriver(*label(who), lparam1, lparam2);
    print_news();
    if (answer != 0) forget((uint64_t)(uintptr_t)*label(who));
    printf("  closed: %lld\n", (long long)answer);
}

static int carry_out(const char* line, const char* driver, const char* spaced) {
    char word[64], section[64], raw[LINE], name[2 * LINE];
    long a = 0, b = 0;
    unsigned message = 0;
    int end = 0;
    if (sscanf(line, "answer %63s %ld", word, &a) == 2) {
        *answer_to(word) = a;
    } else if (sscanf(line, "alias %63s %63s %1023[^\n]", section, word, raw) == 3) {
        expand(raw, name, driver, spaced);
        set_alias(section, word, name);
    } else if (sscanf(line, "open %63s %ld %63s %n", word, &a, section, &end) == 3 && end != 0) {
        expand(line + end, name, driver, spaced);
        step_open(word, a, section, name);
    } else if (sscanf(line, "send %63s %u %ld %ld", word, &message, &a, &b) == 4) {
        step_send(word, message, a, b);
    } else if (sscanf(line, "close %63s %ld %ld", word, &a, &b) == 3) {
        step_close(word, a, b);
    } else if (sscanf(line, "module %63s", word) == 1) {
        printf("  module: %s\n", GetDriverModuleHandle(*label(word)) != NULL ? "yes" : "no");
    } else {
        fprintf(stderr, "no such step: %s", line);
        return 0;
    }
    return 1;
}

int main(int argc, char** argv) {
    char line[LINE];
    if (argc != 3) return 2;
    book.load_answer = 1;
    book.close_answer = 1;
    book.open_answer = 100;
    set_journal(&book);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (line[0] == '#' || line[0] == '\n') continue;
        printf("%s", line);
        if (!carry_out(line, argv[1], argv[2])) return 1;
    }
    remove_aliases();
    fflush(stdout);
    return 0;
}
