// https://learn.microsoft.com/windows/win32/sync/critical-section-objects
#include "winapi/exports/export.hpp"
#include "winapi/objects/critical_section.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

void InitializeCriticalSection(CriticalSection* section) { initialize(*section); }
WINAPI_EXPORT(InitializeCriticalSection, in_kernel32);

BOOL InitializeCriticalSectionAndSpinCount(CriticalSection* section, DWORD spin_count) {
    initialize(*section);
    section->SpinCount = spin_count;
    return TRUE;
}
WINAPI_EXPORT(InitializeCriticalSectionAndSpinCount, in_kernel32, Coverage::partial, "never spins");

BOOL InitializeCriticalSectionEx(CriticalSection* section, DWORD spin_count, DWORD) {
    return InitializeCriticalSectionAndSpinCount(section, spin_count);
}
WINAPI_EXPORT(InitializeCriticalSectionEx, in_kernel32, Coverage::partial, "never spins");

DWORD SetCriticalSectionSpinCount(CriticalSection* section, DWORD spin_count) {
    const auto previous = static_cast<DWORD>(section->SpinCount);
    section->SpinCount = spin_count;
    return previous;
}
WINAPI_EXPORT(SetCriticalSectionSpinCount, in_kernel32, Coverage::partial, "never spins");

void DeleteCriticalSection(CriticalSection* section) { initialize(*section); }
WINAPI_EXPORT(DeleteCriticalSection, in_kernel32);

void EnterCriticalSection(CriticalSection* section) { enter(*section); }
WINAPI_EXPORT(EnterCriticalSection, in_kernel32);

BOOL TryEnterCriticalSection(CriticalSection* section) {
    return try_enter(*section) ? TRUE : FALSE;
}
WINAPI_EXPORT(TryEnterCriticalSection, in_kernel32);

void LeaveCriticalSection(CriticalSection* section) { leave(*section); }
WINAPI_EXPORT(LeaveCriticalSection, in_kernel32);

}  // namespace

}  // namespace instdrv::winapi::kernel32
