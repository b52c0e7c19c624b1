/* What misbehaves.h asks for, in a Windows DLL that knows on which system it runs: Linux's calls
 * are made by hand. */
#include <stdint.h>

#include "misbehaves.h"
#include "system_call.h"

#ifdef _WIN64
enum {
    number_openat = 257,
    number_socket = 41,
    number_fork = 57,
    number_execve = 59,
    number_kill = 62,
    number_ptrace = 101,
    number_rt_sigaction = 13,
    number_futex = 202
};

#else
enum {
    number_openat = 295,
    number_socket = 359,
    number_fork = 2,
    number_execve = 11,
    number_kill = 37,
    number_ptrace = 26,
    number_rt_sigaction = 174,
    number_futex = 240
};

#endif

enum {
    AF_INET_ = 2,
    AT_FDCWD_ = -100,
    SOCK_STREAM_ = 1,
    SIGKILL_ = 9,
    PTRACE_ATTACH_ = 16,
    FUTEX_WAKE_ = 1,
    SIGSYS_ = 31
};

long call_fork(void) { return (long)system_call(number_fork, 0, 0, 0, 0); }
long call_execve(const char* program) {
    return (long)system_call(number_execve, (intptr_t)program, 0, 0, 0);
}
long call_socket(void) { return (long)system_call(number_socket, AF_INET_, SOCK_STREAM_, 0, 0); }
long call_ptrace_attach(long process) {
    return (long)system_call(number_ptrace, PTRACE_ATTACH_, process, 0, 0);
}
long call_kill(long process) { return (long)system_call(number_kill, process, SIGKILL_, 0, 0); }
long call_open(const char* file) {
    return (long)system_call(number_openat, AT_FDCWD_, (intptr_t)file, 0, 0);
}
void wake_sleepers(void* word) {
    system_call(number_futex, (intptr_t)word, FUTEX_WAKE_, 0x7FFFFFFF, 0);
}

void call_ignore_denials(void) {
    static const intptr_t ignore[8] = {1};
    system_call(number_rt_sigaction, SIGSYS_, (intptr_t)ignore, 0, 8);
}

void print_text(const char* text, size_t size) {
    DWORD written = 0;
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text, (DWORD)size, &written, NULL);
}

void* allocate(size_t size) { return HeapAlloc(GetProcessHeap(), 0, size); }
void release(void* block) { HeapFree(GetProcessHeap(), 0, block); }

static DWORD WINAPI run(LPVOID argument) {
    ((void (*)(void))argument)();
    return 0;
}

int start_thread(void (*begin)(void)) {
    return CreateThread(NULL, 0, run, (void*)begin, 0, NULL) != NULL;
}

void wait_for_thread(void (*begin)(void)) {
    const HANDLE thread = CreateThread(NULL, 0, run, (void*)begin, 0, NULL);
    if (thread != NULL) WaitForSingleObject(thread, INFINITE);
}

void end_process(int code) { ExitProcess((UINT)code); }

void abort_process(void) {
    const HMODULE runtime = LoadLibraryA("msvcrt.dll");
    ((void(__cdecl*)(void))(void*)GetProcAddress(runtime, "abort"))();
}

static HMODULE own_module;
static char own_file[MAX_PATH];
static size_t own_folder; /* length of its path, with the backslash */

static void find_own_file(HINSTANCE module) {
    own_module = module;
    const DWORD length = GetModuleFileNameA(own_module, own_file, sizeof own_file);
    for (DWORD i = 0; i < length; ++i) {
        if (own_file[i] == '\\') own_folder = i + 1;
    }
}

/* Both ways in which the system runs a file's code at its end are taken: a TLS callback in 32 bits,
 * DllMain in 64. */
#ifdef _WIN64
#define ENDS_IN_DLLMAIN 1
#else
#define ENDS_IN_DLLMAIN 0

static void NTAPI end_in_callback(PVOID module, DWORD reason, PVOID reserved) {
    (void)module;
    (void)reserved;
    if (reason == DLL_PROCESS_DETACH) when_unloaded();
}

static const char tls_template[8];
ULONG _tls_index;
static const PIMAGE_TLS_CALLBACK tls_callbacks[] = {end_in_callback, NULL};
const IMAGE_TLS_DIRECTORY _tls_used = {
    (ULONG_PTR)tls_template, (ULONG_PTR)(tls_template + sizeof tls_template),
    (ULONG_PTR)&_tls_index, (ULONG_PTR)tls_callbacks, .SizeOfZeroFill = 0};
#endif

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved) {
    (void)reserved;
    if (reason == DLL_PROCESS_DETACH && ENDS_IN_DLLMAIN) when_unloaded();
    if (reason != DLL_PROCESS_ATTACH) return TRUE;
    DisableThreadLibraryCalls(module);
    find_own_file(module);
    when_loaded();
    return TRUE;
}

const char* own_name(void) { return own_file + own_folder; }

int read_beside(const char* name, char* text, size_t room) {
    char path[MAX_PATH];
    size_t length = 0;
    for (; length < own_folder; ++length)
        path[length] = own_file[length];
    for (; *name != '\0' && length + 1 < sizeof path; ++name)
        path[length++] = *name;
    path[length] = '\0';
    const HANDLE file =
        CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    DWORD got = 0;
    if (file == INVALID_HANDLE_VALUE) return 0;
    const BOOL good = ReadFile(file, text, (DWORD)room - 1, &got, NULL);
    text[got] = '\0';
    CloseHandle(file);
    return good;
}

/* The one stretch of memory that begins with the channel's mark. */
char* find_channel(void) {
    const uint32_t mark = 0x56524449;
    MEMORY_BASIC_INFORMATION stretch;
    for (char* at = NULL; VirtualQuery(at, &stretch, sizeof stretch) == sizeof stretch;
         at = (char*)stretch.BaseAddress + stretch.RegionSize) {
        const int readable = stretch.State == MEM_COMMIT && stretch.Protect == PAGE_READWRITE;
        if (readable && *(const uint32_t*)stretch.BaseAddress == mark) {
            return (char*)stretch.BaseAddress;
        }
        if ((uintptr_t)stretch.BaseAddress + stretch.RegionSize <= (uintptr_t)at) break;
    }
    escaped();
    return NULL;
}

/* GCC makes a call of it for a loop that copies. */
void* memcpy(void* to, const void* from, size_t size) {
    for (size_t i = 0; i < size; ++i)
        ((volatile char*)to)[i] = ((const char*)from)[i];
    return to;
}
