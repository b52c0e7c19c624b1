/* Asks the system for what it may not have, and for more than it may have. The text of its DRV_OPEN
 * names a driver, in which '#' stands for a digit.
 *
 *   DRV_USER      opens it lParam1 times, with lParam2 for '#'; answers how often that worked
 *   DRV_USER+1    closes all that; answers how many did
 *   DRV_USER+2    sends it message lParam1 with lParam2 and answers what came back; it is open once
 *   DRV_USER+3    sends itself this message, and so on; answers how deep it got
 *   DRV_USER+4    answers lParam1 plus one
 *   DRV_USER+5    starts a thread that opens it, sends its own instance lParam1 messages and closes
 *                 what it opened
 *   DRV_USER+6    answers how many of all those were answered right, once that thread has ended; -1
 *                 before
 *   DRV_USER+7    sends it DRV_CONFIGURE with the address lParam1, or of a structure that is one
 *                 where that is 0; answers what came back
 *   DRV_CONFIGURE answers the size that the structure says it has
 */
#include "own_thread.h"

enum { most = 1000, longest = 100 };

#ifdef _WIN32
typedef WCHAR letter;
#define open_named(name) OpenDriver(name, NULL, 0)
#else
typedef char letter;
#define open_named(name) OpenDriverA(name, NULL, 0)
#endif

static letter name[longest];
static HDRVR opened[most];
static int count;

static void take_name(const letter* text) {
    int i;
    for (i = 0; text != NULL && i < longest - 1 && text[i] != 0; ++i)
        name[i] = text[i];
    name[i] = 0;
}

static LRESULT open_it(LPARAM times, LPARAM digit) {
    letter asked[longest];
    LRESULT worked = 0;
    int i;
    for (i = 0; i < longest; ++i)
        asked[i] = name[i] == '#' ? (letter)('0' + digit) : name[i];
    for (; times > 0 && count < most; --times) {
        opened[count] = open_named(asked);
        if (opened[count] == NULL) continue;
        ++count;
        ++worked;
    }
    return worked;
}

static LRESULT close_all(void) {
    LRESULT closed = 0;
    while (count > 0)
        closed += CloseDriver(opened[--count], 0, 0) != 0;
    return closed;
}

static HDRVR own;
static LPARAM messages;
static volatile LONG right;
static volatile LONG ended;

static void ask_from_a_thread(void) {
    LONG answered = (LONG)open_it(1, 0);
    LPARAM i;
    for (i = 0; i < messages; ++i)
        answered += SendDriverMessage(own, DRV_USER + 4, i, 0) == i + 1;
    answered += (LONG)close_all();
    right = answered;
    __atomic_store_n(&ended, 1, __ATOMIC_SEQ_CST);
}

static LRESULT configure(LPARAM address) {
    DRVCONFIGINFO own_structure = {0};
    own_structure.dwDCISize = sizeof own_structure;
    return SendDriverMessage(opened[0], DRV_CONFIGURE, 0,
                             address != 0 ? address : (LPARAM)&own_structure);
}

DRIVER_PROC {
    switch (message) {
        case DRV_OPEN: take_name((const letter*)lparam1); return 1;
        case DRV_USER: return open_it(lparam1, lparam2);
        case DRV_USER + 1: return close_all();
        case DRV_USER + 2: return SendDriverMessage(opened[0], (UINT)lparam1, lparam2, 0);
        case DRV_USER + 3: return 1 + SendDriverMessage(hdrvr, message, 0, 0);
        case DRV_USER + 4: return lparam1 + 1;
        case DRV_USER + 5:
            own = hdrvr;
            messages = lparam1;
            start_thread(ask_from_a_thread);
            return 1;
        case DRV_USER + 6: return __atomic_load_n(&ended, __ATOMIC_SEQ_CST) ? right : -1;
        case DRV_USER + 7: return configure(lparam1);
        case DRV_CONFIGURE: return (LRESULT)((const DRVCONFIGINFO*)lparam2)->dwDCISize;
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
