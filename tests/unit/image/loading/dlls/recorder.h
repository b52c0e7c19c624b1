/* The DLLs of the loader's tests have no C runtime: DllMain is their entry point. It tells the test
 * who was called and why, and returns what the test answers. recorder.dll is the test itself. */
__declspec(dllimport) int note(const char* dll, unsigned reason);

/* For assembly: a C name, a pointer, and a TEB field by its offsets on amd64 and i386. */
#ifdef _WIN64
#define C_NAME(name) #name
#define POINTER ".quad"
#define TEB_FIELD(amd64, i386) "%%gs:" #amd64
#else
#define C_NAME(name) "_" #name
#define POINTER ".long"
#define TEB_FIELD(amd64, i386) "%%fs:" #i386
#endif

#define RECORDING_DLL(name)                                                \
    int __stdcall DllMain(void* module, unsigned reason, void* reserved) { \
        (void)module, (void)reserved;                                      \
        return note(name, reason);                                         \
    }
