/* What the recording driver writes down, and what it is told to answer. The memory belongs to the
 * client, so that it outlives the driver; its address is the value, in hexadecimal, of the
 * environment variable RECORDER_JOURNAL. Fixed sizes, as client and driver are built by different
 * compilers. */
#ifndef INSTDRV_TESTS_JOURNAL_H
#define INSTDRV_TESTS_JOURNAL_H

#include <stdint.h>

#define JOURNAL_VARIABLE "RECORDER_JOURNAL"
enum { JOURNAL_ENTRIES = 256, JOURNAL_TEXT = 64 };

/* Beside the messages: the driver's file was mapped, and is about to be unmapped. */
#define JOURNAL_ATTACH 0xFFFF0001u
#define JOURNAL_DETACH 0xFFFF0002u

typedef struct journal_entry {
    uint32_t message;
    uint32_t text_length; /* of DRV_OPEN's text, in code units */
    uint64_t driver_id;
    uint64_t hdrvr;
    int64_t lparam1;
    int64_t lparam2;
    int64_t answer;
    uint16_t text[JOURNAL_TEXT]; /* UTF-16; a native driver's UTF-8 one byte to a unit */
} journal_entry;

typedef struct journal {
    uint32_t count;
    uint32_t padding;
    int64_t load_answer;
    int64_t open_answer; /* counts up with every open that is accepted; 0 refuses */
    int64_t close_answer;
    int64_t refuse_bare; /* nonzero: opens with lParam2 = 0 are refused */
    journal_entry entries[JOURNAL_ENTRIES];
} journal;

#endif
