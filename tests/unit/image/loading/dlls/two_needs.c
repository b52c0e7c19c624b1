#include "recorder.h"
RECORDING_DLL("two_needs")

__declspec(dllimport) int three(void);
__declspec(dllimport) int from_a(void);
int sum(void) { return three() + from_a(); }
