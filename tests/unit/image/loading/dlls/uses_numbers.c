#include "recorder.h"
RECORDING_DLL("uses_numbers")

__declspec(dllimport) int one(void);
__declspec(dllimport) int hidden(void);
__declspec(dllimport) int three(void);
__declspec(dllimport) int seventh(void);
__declspec(dllimport) int datum;
__declspec(dllimport) int noted(const char* dll, unsigned reason);
__declspec(dllimport) int nowhere(void);

int sum(void) { return one() + hidden() + datum + three() + seventh(); }
int call_forwarded_note(void) { return noted("forwarded", 99); }
int call_forwarded_to_nobody(void) { return nowhere(); }
