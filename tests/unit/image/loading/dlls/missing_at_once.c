/* Calls what nobody provides in DllMain. */
__declspec(dllimport) int Absent(void);

int __stdcall DllMain(void* module, unsigned reason, void* reserved) {
    (void)module, (void)reason, (void)reserved;
    return Absent();
}
