/* Answers one message in its own way: ANSWER_TO is the message, ANSWER what it gets. */
#include "driver_source.h"

DRIVER_PROC {
    if (message == ANSWER_TO) return ANSWER;
    return behave(id, hdrvr, message, lparam1, lparam2);
}
