#include "recorder.h"
RECORDING_DLL("circle_a")

__declspec(dllimport) int from_b(void);
int from_a(void) { return 'a'; }
int ask_b(void) { return from_b(); }
