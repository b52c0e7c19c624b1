/* The DLLs of the loader's tests have no C runtime: DllMain is their entry point. It tells the test
 * who was called and why, and returns what the test answers. recorder.dll is the test itself. */
__declspec(dllimport) int note(const char* dll, unsigned reason);

#define RECORDING_DLL(name)                                                \
    int __stdcall DllMain(void* module, unsigned reason, void* reserved) { \
        (void)module, (void)reserved;                                      \
        return note(name, reason);                                         \
    }
