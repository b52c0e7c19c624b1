#include "recorder.h"
RECORDING_DLL("numbers")

int datum = 500;
/* Absolute addresses, to be relocated. */
static int cell = 1;
static int* const volatile address_of_cell = &cell;
static int return_cell(void) { return *address_of_cell; }
static int (*const volatile address_of_function)(void) = return_cell;

int one(void) { return address_of_function(); }
int hidden(void) { return 20; }
