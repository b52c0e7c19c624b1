/* Commits one fault in one message, both named by its own file: "bad_read-DRV_OPEN.dll"; or, with
 * "load" and "unload" in the message's place, in the code that the system runs when it loads and
 * unloads the file. A file without such a name is a healthy driver that counts: it answers
 * DRV_EXITSESSION with how many DRV_USER it was sent, DRV_CLOSE with 1, or 2 after DRV_EXITSESSION,
 * and DRV_FREE with 1 after DRV_CLOSE. */
#include "misbehaves.h"

static int sent, told, closed;

static int begins_with(const char* text, const char* start) {
    while (*start != '\0' && *text == *start) {
        ++text;
        ++start;
    }
    return *start == '\0';
}

static const char* name_of(UINT message) {
    switch (message) {
        case DRV_LOAD: return "DRV_LOAD.";
        case DRV_OPEN: return "DRV_OPEN.";
        case DRV_USER: return "DRV_USER.";
        case DRV_EXITSESSION: return "DRV_EXITSESSION.";
        case DRV_CLOSE: return "DRV_CLOSE.";
        case DRV_FREE: return "DRV_FREE.";
        default: return NULL;
    }
}

/* The fault's name ends with a dash. */
static const char* fault_in(const char* stage) {
    const char* const file = own_name();
    const char* dash = file;
    while (*dash != '\0' && *dash != '-')
        ++dash;
    return stage != NULL && *dash == '-' && begins_with(dash + 1, stage) ? file : NULL;
}

static void commit_in(const char* stage) {
    const char* const fault = fault_in(stage);
    if (fault != NULL) commit(fault);
}

void when_loaded(void) { commit_in("load."); }
void when_unloaded(void) { commit_in("unload."); }

DRIVER_PROC {
    const char* const fault = fault_in(name_of(message));
    if (fault != NULL) return commit(fault);
    switch (message) {
        case DRV_USER: return ++sent;
        case DRV_EXITSESSION: ++told; return sent;
        case DRV_CLOSE: ++closed; return 1 + told;
        case DRV_FREE: return closed;
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
