// The blocks that PE code reads through its segment register: the thread environment block (TEB)
// and the process environment block (PEB). Only the fields that compilers, C runtimes and drivers
// touch have names; the rest is zero. Layouts are those of Windows 10.
//
// https://learn.microsoft.com/windows/win32/api/winternl/ns-winternl-teb
// https://learn.microsoft.com/windows/win32/api/winternl/ns-winternl-peb
// https://en.wikipedia.org/wiki/Win32_Thread_Information_Block
#pragma once

#include <cstddef>
#include <cstdint>

#include "winapi/abi.hpp"

namespace instdrv::winapi {

struct ListEntry {
    ListEntry* Flink;
    ListEntry* Blink;
};

// Length and MaximumLength count bytes; Buffer need not end with a NUL.
struct UnicodeString {
    WORD Length;
    WORD MaximumLength;
    WCHAR* Buffer;
};

struct AnsiString {
    WORD Length;
    WORD MaximumLength;
    char* Buffer;
};

struct PebLdrData {
    DWORD Length;
    DWORD Initialized;
    void* SsHandle;
    ListEntry InLoadOrderModuleList;
    ListEntry InMemoryOrderModuleList;
    ListEntry InInitializationOrderModuleList;
    void* EntryInProgress;
    DWORD_PTR ShutdownInProgress;
    void* ShutdownThreadId;
};

struct ProcessParameters {
    DWORD MaximumLength;
    DWORD Length;
    DWORD Flags;
    DWORD DebugFlags;
    void* ConsoleHandle;
    DWORD_PTR ConsoleFlags;
    void* StandardInput;
    void* StandardOutput;
    void* StandardError;
    UnicodeString CurrentDirectory;
    void* CurrentDirectoryHandle;
    UnicodeString DllPath;
    UnicodeString ImagePathName;
    UnicodeString CommandLine;
    WCHAR* Environment;
};

constexpr std::size_t by_machine(std::size_t x86_64, std::size_t x86) {
    return sizeof(void*) == 8 ? x86_64 : x86;
}

struct Peb {
    BYTE InheritedAddressSpace;
    BYTE ReadImageFileExecOptions;
    BYTE BeingDebugged;
    BYTE BitField;
    void* Mutant;
    void* ImageBaseAddress;
    PebLdrData* Ldr;
    winapi::ProcessParameters* ProcessParameters;
    void* SubSystemData;
    void* ProcessHeap;
    std::byte unnamed1[by_machine(0x80, 0x48)];
    DWORD NumberOfProcessors;
    DWORD NtGlobalFlag;
    std::byte unnamed2[by_machine(0x58, 0x38)];
    DWORD OSMajorVersion;
    DWORD OSMinorVersion;
    WORD OSBuildNumber;
    WORD OSCSDVersion;
    DWORD OSPlatformId;
    DWORD ImageSubsystem;
    DWORD ImageSubsystemMajorVersion;
    DWORD ImageSubsystemMinorVersion;
    std::byte unnamed3[by_machine(0x694, 0x3C4)];
};

constexpr std::size_t teb_tls_slots = 64;
constexpr std::size_t teb_tls_expansion_slots = 1024;

struct Teb {
    // The part that Windows documents as NT_TIB.
    void* ExceptionList;
    void* StackBase;   // one past the highest address of the stack
    void* StackLimit;  // its lowest address
    void* SubSystemTib;
    void* FiberData;
    void* ArbitraryUserPointer;
    Teb* Self;

    void* EnvironmentPointer;
    DWORD_PTR UniqueProcess;
    DWORD_PTR UniqueThread;
    void* ActiveRpcHandle;
    void** ThreadLocalStoragePointer;  // an array of each module's thread-local data, by TLS index
    Peb* ProcessEnvironmentBlock;
    DWORD LastErrorValue;
    DWORD CountOfOwnedCriticalSections;
    std::byte unnamed0[by_machine(0x98, 0x88)];
    DWORD CurrentLocale;  // SetThreadLocale's; 0: the driver's
    std::byte unnamed1[by_machine(0x136C, 0xD44)];
    void* DeallocationStack;
    void* TlsSlots[teb_tls_slots];  // TlsAlloc's, by index
    ListEntry TlsLinks;
    std::byte unnamed2[by_machine(0xF0, 0x7C)];
    void** TlsExpansionSlots;  // TlsAlloc's from index 64 on
    std::byte unnamed3[by_machine(0x40, 0x1C)];
    void* FlsData;
    std::byte unnamed4[by_machine(0x68, 0x2C)];
};

static_assert(offsetof(Peb, ImageBaseAddress) == by_machine(0x10, 0x08));
static_assert(offsetof(Peb, Ldr) == by_machine(0x18, 0x0C));
static_assert(offsetof(Peb, ProcessHeap) == by_machine(0x30, 0x18));
static_assert(offsetof(Peb, NumberOfProcessors) == by_machine(0xB8, 0x64));
static_assert(offsetof(Peb, OSMajorVersion) == by_machine(0x118, 0xA4));
static_assert(offsetof(Peb, ImageSubsystem) == by_machine(0x128, 0xB4));
static_assert(sizeof(Peb) == by_machine(0x7C8, 0x484));

static_assert(offsetof(ProcessParameters, ImagePathName) == by_machine(0x60, 0x38));
static_assert(offsetof(ProcessParameters, CommandLine) == by_machine(0x70, 0x40));
static_assert(offsetof(ProcessParameters, Environment) == by_machine(0x80, 0x48));
static_assert(offsetof(PebLdrData, InLoadOrderModuleList) == by_machine(0x10, 0x0C));

static_assert(offsetof(Teb, CurrentLocale) == by_machine(0x108, 0xC4));
static_assert(offsetof(Teb, Self) == by_machine(0x30, 0x18));
static_assert(offsetof(Teb, ThreadLocalStoragePointer) == by_machine(0x58, 0x2C));
static_assert(offsetof(Teb, ProcessEnvironmentBlock) == by_machine(0x60, 0x30));
static_assert(offsetof(Teb, LastErrorValue) == by_machine(0x68, 0x34));
static_assert(offsetof(Teb, DeallocationStack) == by_machine(0x1478, 0xE0C));
static_assert(offsetof(Teb, TlsSlots) == by_machine(0x1480, 0xE10));
static_assert(offsetof(Teb, TlsExpansionSlots) == by_machine(0x1780, 0xF94));
static_assert(offsetof(Teb, FlsData) == by_machine(0x17C8, 0xFB4));
static_assert(sizeof(Teb) == by_machine(0x1838, 0xFE4));

}  // namespace instdrv::winapi
