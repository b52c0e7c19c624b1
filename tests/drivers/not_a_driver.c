/* A library that exports something else than DriverProc. */
#ifdef _WIN32
__declspec(dllexport)
#else
__attribute__((visibility("default")))
#endif
    int something_else(void) {
    return 1;
}
