// https://learn.microsoft.com/windows/win32/sysinfo/system-information-functions
#include <algorithm>
#include <cstring>
#include <thread>

#include <sys/sysinfo.h>

#include "winapi/exports/export.hpp"
#include "winapi/kernel32/pseudo_handles.hpp"
#include "winapi/memory/reservations.hpp"
#include "winapi/process/windows_version.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

DWORD GetVersion() {
    return windows_major_version | windows_minor_version << 8 | DWORD{windows_build} << 16;
}
WINAPI_EXPORT(GetVersion, in_kernel32);

constexpr BYTE product_workstation = 1;  // VER_NT_WORKSTATION

template <class Character>
struct VersionInfo {
    DWORD size;
    DWORD major;
    DWORD minor;
    DWORD build;
    DWORD platform;
    Character service_pack[128];
    WORD service_pack_major;  // from here on in the EX structure only
    WORD service_pack_minor;
    WORD suite_mask;
    BYTE product_type;
    BYTE reserved;
};
static_assert(sizeof(VersionInfo<char>) == 156 && sizeof(VersionInfo<WCHAR>) == 284);

template <class Character>
BOOL GetVersionEx(VersionInfo<Character>* info) {
    constexpr DWORD whole = sizeof(VersionInfo<Character>);
    constexpr DWORD short_form = offsetof(VersionInfo<Character>, service_pack_major);
    const DWORD size = info->size;
    if (size != whole && size != short_form) return fail(ERROR_INSUFFICIENT_BUFFER, FALSE);
    VersionInfo<Character> answer{};
    answer.size = size;
    answer.major = windows_major_version;
    answer.minor = windows_minor_version;
    answer.build = windows_build;
    answer.platform = windows_platform;
    answer.product_type = product_workstation;
    std::memcpy(info, &answer, size);
    return TRUE;
}
WINAPI_EXPORT_AS("GetVersionExA", in_kernel32, GetVersionEx<char>);
WINAPI_EXPORT_AS("GetVersionExW", in_kernel32, GetVersionEx<WCHAR>);

// A mask with the condition for one kind of information added, three bits each.
ULONGLONG VerSetConditionMask(ULONGLONG mask, DWORD kind, BYTE condition) {
    for (unsigned bit = 0; bit < 8; ++bit) {
        if ((kind & (1U << bit)) != 0) mask |= static_cast<ULONGLONG>(condition & 7) << (bit * 3);
    }
    return mask;
}
WINAPI_EXPORT(VerSetConditionMask, in_kernel32);

// The conditions VER_EQUAL to VER_LESS_EQUAL of winnt.h; the others compare bits.
bool holds(DWORD ours, unsigned condition, DWORD wanted) {
    switch (condition) {
        case 1: return ours == wanted;
        case 2: return ours > wanted;
        case 3: return ours >= wanted;
        case 4: return ours < wanted;
        case 5: return ours <= wanted;
        default: return false;
    }
}

// Major version, minor version and service pack are one number, of which the first part that
// differs decides, by the condition of the first part that is asked for.
template <class Character>
bool version_holds(const VersionInfo<Character>& info, DWORD kinds, ULONGLONG mask) {
    constexpr DWORD minor = 1, major = 2, pack_minor = 0x10, pack_major = 0x20;
    struct Part {
        DWORD kind, ours, wanted;
        unsigned shift;
    };
    const Part parts[] = {{major, windows_major_version, info.major, 3},
                          {minor, windows_minor_version, info.minor, 0},
                          {pack_major, 0, info.service_pack_major, 15},
                          {pack_minor, 0, info.service_pack_minor, 12}};
    unsigned condition = 0;
    for (const Part& part : parts) {
        if ((kinds & part.kind) == 0) continue;
        if (condition == 0) condition = mask >> part.shift & 7;
        if (part.ours != part.wanted) return holds(part.ours, condition, part.wanted);
    }
    return condition == 0 || holds(0, condition, 0);
}

template <class Character>
BOOL VerifyVersionInfo(const VersionInfo<Character>* info, DWORD kinds, ULONGLONG mask) {
    constexpr DWORD build = 4, platform = 8, suite = 0x40, product = 0x80;
    const bool asked_right =
        version_holds(*info, kinds, mask) &&
        ((kinds & build) == 0 || holds(windows_build, mask >> 6 & 7, info->build)) &&
        ((kinds & platform) == 0 || holds(windows_platform, mask >> 9 & 7, info->platform)) &&
        ((kinds & suite) == 0 || info->suite_mask == 0) &&
        ((kinds & product) == 0 || holds(product_workstation, mask >> 21 & 7, info->product_type));
    return asked_right ? TRUE : fail(ERROR_OLD_WIN_VERSION, FALSE);
}
WINAPI_EXPORT_AS("VerifyVersionInfoA", in_kernel32, VerifyVersionInfo<char>);
WINAPI_EXPORT_AS("VerifyVersionInfoW", in_kernel32, VerifyVersionInfo<WCHAR>);

struct SystemInfo {
    WORD architecture;
    WORD reserved;
    DWORD page_size;
    void* lowest_address;
    void* highest_address;
    DWORD_PTR processor_mask;
    DWORD processors;
    DWORD processor_type;
    DWORD granularity;
    WORD level;
    WORD revision;
};
static_assert(sizeof(SystemInfo) == (sizeof(void*) == 8 ? 48 : 36));

void GetSystemInfo(SystemInfo* info) {
    constexpr bool is_64_bit = sizeof(void*) == 8;
    *info = SystemInfo{
        .architecture = is_64_bit ? WORD{9} : WORD{0},  // PROCESSOR_ARCHITECTURE_AMD64, _INTEL
        .page_size = static_cast<DWORD>(page_size),
        .lowest_address = reinterpret_cast<void*>(std::uintptr_t{0x10000}),
        .highest_address = reinterpret_cast<void*>(
            static_cast<std::uintptr_t>(is_64_bit ? 0x00007FFFFFFEFFFF : 0x7FFEFFFF)),
        .processor_mask = processor_mask(),
        .processors = std::max(1U, std::thread::hardware_concurrency()),
        .processor_type = is_64_bit ? DWORD{8664} : DWORD{586},
        .granularity = static_cast<DWORD>(allocation_granularity),
        .level = 6,
        .revision = 0,
    };
}
WINAPI_EXPORT_AS("GetNativeSystemInfo", in_kernel32, GetSystemInfo);
WINAPI_EXPORT(GetSystemInfo, in_kernel32, Coverage::partial,
              "processor level and revision are not the machine's");

struct MemoryStatusEx {
    DWORD size;
    DWORD load;  // per cent
    ULONGLONG total_physical;
    ULONGLONG free_physical;
    ULONGLONG total_page_file;
    ULONGLONG free_page_file;
    ULONGLONG total_virtual;
    ULONGLONG free_virtual;
    ULONGLONG free_extended_virtual;
};
static_assert(sizeof(MemoryStatusEx) == 64);

MemoryStatusEx memory_status() {
    struct sysinfo host {};
    ::sysinfo(&host);
    const ULONGLONG unit = host.mem_unit;
    const ULONGLONG total = host.totalram * unit;
    const ULONGLONG available = (host.freeram + host.bufferram) * unit;
    constexpr ULONGLONG address_space = sizeof(void*) == 8 ? 0x00007FFFFFFE0000 : 0x7FFE0000;
    return {
        .size = sizeof(MemoryStatusEx),
        .load = total == 0 ? 0 : static_cast<DWORD>(100 - available * 100 / total),
        .total_physical = total,
        .free_physical = available,
        .total_page_file = total + host.totalswap * unit,
        .free_page_file = available + host.freeswap * unit,
        .total_virtual = address_space,
        .free_virtual = address_space,
        .free_extended_virtual = 0,
    };
}

BOOL GlobalMemoryStatusEx(MemoryStatusEx* status) {
    if (status->size != sizeof *status) return fail(ERROR_INVALID_PARAMETER, FALSE);
    *status = memory_status();
    return TRUE;
}
WINAPI_EXPORT(GlobalMemoryStatusEx, in_kernel32);

struct MemoryStatus {
    DWORD size;
    DWORD load;
    SIZE_T total_physical;
    SIZE_T free_physical;
    SIZE_T total_page_file;
    SIZE_T free_page_file;
    SIZE_T total_virtual;
    SIZE_T free_virtual;
};

void GlobalMemoryStatus(MemoryStatus* status) {
    const MemoryStatusEx whole = memory_status();
    const auto clamped = [](ULONGLONG value) {
        return static_cast<SIZE_T>(std::min<ULONGLONG>(value, SIZE_MAX));
    };
    *status = {
        .size = sizeof *status,
        .load = whole.load,
        .total_physical = clamped(whole.total_physical),
        .free_physical = clamped(whole.free_physical),
        .total_page_file = clamped(whole.total_page_file),
        .free_page_file = clamped(whole.free_page_file),
        .total_virtual = clamped(whole.total_virtual),
        .free_virtual = clamped(whole.free_virtual),
    };
}
WINAPI_EXPORT(GlobalMemoryStatus, in_kernel32);

// The PF_* numbers of winnt.h.
BOOL IsProcessorFeaturePresent(DWORD feature) {
    const auto answer = [](bool present) { return present ? TRUE : FALSE; };
    switch (feature) {
        case 2:                // PF_COMPARE_EXCHANGE_DOUBLE
        case 8:                // PF_RDTSC_INSTRUCTION_AVAILABLE
        case 9:                // PF_PAE_ENABLED
        case 12: return TRUE;  // PF_NX_ENABLED
        case 3: return answer(__builtin_cpu_supports("mmx"));
        case 6: return answer(__builtin_cpu_supports("sse"));
        case 10: return answer(__builtin_cpu_supports("sse2"));
        case 13: return answer(__builtin_cpu_supports("sse3"));
        case 14: return answer(sizeof(void*) == 8);  // PF_COMPARE_EXCHANGE128
        case 36: return answer(__builtin_cpu_supports("ssse3"));
        case 37: return answer(__builtin_cpu_supports("sse4.1"));
        case 38: return answer(__builtin_cpu_supports("sse4.2"));
        case 39: return answer(__builtin_cpu_supports("avx"));
        case 40: return answer(__builtin_cpu_supports("avx2"));
        default: return FALSE;  // __fastfail (23) among them
    }
}
WINAPI_EXPORT(IsProcessorFeaturePresent, in_kernel32);

template <class Character>
UINT GetSystemDirectory(Character* buffer, UINT size) {
    const auto path = in_face<Character>(std::u16string_view(u"C:\\windows\\system32"));
    return give_text_or_size(std::basic_string_view<Character>(path), buffer, size);
}
WINAPI_EXPORT_AS("GetSystemDirectoryA", in_kernel32, GetSystemDirectory<char>);
WINAPI_EXPORT_AS("GetSystemDirectoryW", in_kernel32, GetSystemDirectory<WCHAR>);

template <class Character>
UINT GetWindowsDirectory(Character* buffer, UINT size) {
    const auto path = in_face<Character>(std::u16string_view(u"C:\\windows"));
    return give_text_or_size(std::basic_string_view<Character>(path), buffer, size);
}
WINAPI_EXPORT_AS("GetSystemWindowsDirectoryA", in_kernel32, GetWindowsDirectory<char>);
WINAPI_EXPORT_AS("GetSystemWindowsDirectoryW", in_kernel32, GetWindowsDirectory<WCHAR>);
WINAPI_EXPORT_AS("GetWindowsDirectoryA", in_kernel32, GetWindowsDirectory<char>);
WINAPI_EXPORT_AS("GetWindowsDirectoryW", in_kernel32, GetWindowsDirectory<WCHAR>);

// Not the host's name, which is none of a driver's business.
template <class Character>
BOOL GetComputerName(Character* buffer, DWORD* size) {
    const auto name = in_face<Character>(std::u16string_view(u"INSTDRV"));
    const DWORD given = give_text_or_size(std::basic_string_view<Character>(name), buffer, *size);
    const bool fits = given == name.size();
    *size = given;
    return fits ? TRUE : fail(ERROR_BUFFER_OVERFLOW, FALSE);
}
WINAPI_EXPORT_AS("GetComputerNameA", in_kernel32, GetComputerName<char>, Coverage::partial,
                 "always INSTDRV, not the host's name");
WINAPI_EXPORT_AS("GetComputerNameW", in_kernel32, GetComputerName<WCHAR>, Coverage::partial,
                 "always INSTDRV, not the host's name");

}  // namespace

}  // namespace instdrv::winapi::kernel32
