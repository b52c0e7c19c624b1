#include "recorder.h"
RECORDING_DLL("needs_missing_at_once")

__declspec(dllimport) int anything(void);
int use(void) { return anything(); }
