#include "recorder.h"
RECORDING_DLL("missing")

__declspec(dllimport) int Absent(void);
__declspec(dllimport) int first(void);
__declspec(dllimport) int NotThere(void);

int harmless(void) { return 5; }
int call_absent(void) { return Absent() + 1; }
int call_by_ordinal(void) { return first() + 1; }
int call_not_there(void) { return NotThere() + 1; }
