#include "recorder.h"
RECORDING_DLL("more_numbers")

int three(void) { return 3000; }
int seven(void) { return 70000; }
