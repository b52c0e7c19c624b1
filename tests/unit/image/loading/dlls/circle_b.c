#include "recorder.h"
RECORDING_DLL("circle_b")

__declspec(dllimport) int from_a(void);
int from_b(void) { return 'b'; }
int ask_a(void) { return from_a(); }
