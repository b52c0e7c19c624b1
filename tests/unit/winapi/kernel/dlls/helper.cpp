// A library that a driver loads: counts what DllMain is told.
#include <windows.h>

static volatile LONG thread_attaches = 0;
static volatile LONG thread_detaches = 0;

BOOL WINAPI DllMain(HINSTANCE, DWORD reason, LPVOID) {
    if (reason == DLL_THREAD_ATTACH) InterlockedIncrement(&thread_attaches);
    if (reason == DLL_THREAD_DETACH) InterlockedIncrement(&thread_detaches);
    return TRUE;
}

extern "C" __declspec(dllexport) int attached_threads() { return thread_attaches; }
extern "C" __declspec(dllexport) int detached_threads() { return thread_detaches; }
