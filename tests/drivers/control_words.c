/* Tells of floating-point control words and changes them. They are told as x87 + MXCSR * 65536,
 * without the flags of exceptions.
 *
 *   DRV_USER        those of the thread it is called on
 *   DRV_USER+1      sets them to lparam1 (x87) and lparam2 (MXCSR)
 * Windows only:
 *   DRV_USER+2      those of a thread that it starts
 *   DRV_USER+3      sets them as DRV_USER+1 does, then calls ExitProcess
 *   DRV_USER+4      sets them likewise, then faults; a handler goes on behind the fault. Answers
 *                   those that the handler saw
 */
#include "driver_source.h"

static LRESULT words(void) {
    unsigned short x87;
    unsigned mxcsr;
    __asm__ volatile("fnstcw %0" : "=m"(x87));
    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    return x87 | (LRESULT)(mxcsr & 0xFFC0) << 16;
}

static void set_words(LPARAM first, LPARAM second) {
    const unsigned short x87 = (unsigned short)first;
    const unsigned mxcsr = (unsigned)second;
    __asm__ volatile("fldcw %0" : : "m"(x87));
    __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
}

#ifdef _WIN32
static DWORD WINAPI tell_words(void* out) {
    *(LRESULT*)out = words();
    return 0;
}

static LRESULT words_of_own_thread(void) {
    LRESULT seen = 0;
    HANDLE thread = CreateThread(NULL, 0, tell_words, &seen, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    return seen;
}

static LRESULT seen_by_handler;

static LONG CALLBACK skip_fault(EXCEPTION_POINTERS* exception) {
    if (exception->ExceptionRecord->ExceptionCode != STATUS_ILLEGAL_INSTRUCTION)
        return EXCEPTION_CONTINUE_SEARCH;
    seen_by_handler = words();
#ifdef _WIN64
    exception->ContextRecord->Rip += 2;
#else
    exception->ContextRecord->Eip += 2;
#endif
    return EXCEPTION_CONTINUE_EXECUTION;
}

static LRESULT fault(void) {
    void* const handler = AddVectoredExceptionHandler(1, skip_fault);
    __asm__ volatile("ud2");
    RemoveVectoredExceptionHandler(handler);
    return seen_by_handler;
}
#endif

DRIVER_PROC {
    switch (message) {
        case DRV_USER: return words();
        case DRV_USER + 1: return set_words(lparam1, lparam2), 1;
#ifdef _WIN32
        case DRV_USER + 2: return words_of_own_thread();
        case DRV_USER + 3: set_words(lparam1, lparam2); ExitProcess(3);
        case DRV_USER + 4: return set_words(lparam1, lparam2), fault();
#endif
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
