// https://learn.microsoft.com/windows/win32/sync/critical-section-objects
#include "winapi/critical_section.hpp"
#include "winapi/kernel32/topics.hpp"

namespace instdrv::winapi {
namespace {

void WINFN InitializeCriticalSection(CriticalSection* section) { initialize(*section); }

BOOL WINFN InitializeCriticalSectionAndSpinCount(CriticalSection* section, DWORD spin_count) {
    initialize(*section);
    section->SpinCount = spin_count;
    return TRUE;
}

BOOL WINFN InitializeCriticalSectionEx(CriticalSection* section, DWORD spin_count, DWORD) {
    return InitializeCriticalSectionAndSpinCount(section, spin_count);
}

DWORD WINFN SetCriticalSectionSpinCount(CriticalSection* section, DWORD spin_count) {
    const auto previous = static_cast<DWORD>(section->SpinCount);
    section->SpinCount = spin_count;
    return previous;
}

void WINFN DeleteCriticalSection(CriticalSection* section) { initialize(*section); }

void WINFN EnterCriticalSection(CriticalSection* section) { enter(*section); }

BOOL WINFN TryEnterCriticalSection(CriticalSection* section) {
    return try_enter(*section) ? TRUE : FALSE;
}

void WINFN LeaveCriticalSection(CriticalSection* section) { leave(*section); }

}  // namespace

std::span<const Export> critical_section_exports() {
    static const Export table[] = {
        {"DeleteCriticalSection", address_of(DeleteCriticalSection)},
        {"EnterCriticalSection", address_of(EnterCriticalSection)},
        {"InitializeCriticalSection", address_of(InitializeCriticalSection)},
        {"InitializeCriticalSectionAndSpinCount", address_of(InitializeCriticalSectionAndSpinCount),
         Coverage::partial, "never spins"},
        {"InitializeCriticalSectionEx", address_of(InitializeCriticalSectionEx), Coverage::partial,
         "never spins"},
        {"LeaveCriticalSection", address_of(LeaveCriticalSection)},
        {"SetCriticalSectionSpinCount", address_of(SetCriticalSectionSpinCount), Coverage::partial,
         "never spins"},
        {"TryEnterCriticalSection", address_of(TryEnterCriticalSection)},
    };
    return table;
}

}  // namespace instdrv::winapi
