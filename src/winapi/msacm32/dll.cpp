// msacm32 as it is where no ACM driver is installed: the drivers that use it are mappers of
// devices, which need to convert sound only for devices that are not there either.
// https://learn.microsoft.com/windows/win32/multimedia/audio-compression-manager
#include <vector>

#include "winapi/dlls.hpp"
#include "winapi/winmm/results.hpp"

namespace instdrv::winapi {
namespace {

constexpr MMRESULT ACMERR_NOTPOSSIBLE = 512;

DWORD WINFN acmGetVersion() { return 0x05000000; }

// Counts of drivers, codecs, filters: none. Sizes are those of the largest structure there is.
MMRESULT WINFN acmMetrics(HANDLE, UINT, DWORD* value) {
    if (value == nullptr) return winmm::MMSYSERR_INVALPARAM;
    *value = 0;
    return winmm::MMSYSERR_NOERROR;
}

template <class... Parameters>
MMRESULT WINFN not_possible(Parameters...) {
    return ACMERR_NOTPOSSIBLE;
}

// Calls back for each of none.
template <class... Parameters>
MMRESULT WINFN nothing_to_list(Parameters...) {
    return winmm::MMSYSERR_NOERROR;
}

std::vector<Export> exports() {
    constexpr std::string_view none = "no ACM driver is installed: fails";
    constexpr std::string_view none_listed = "no ACM driver is installed: nothing is listed";
    const auto stub = [&](std::string_view name, const void* address) {
        return Export{name, address, Coverage::stub, none};
    };
    const auto list = [&](std::string_view name, const void* address) {
        return Export{name, address, Coverage::stub, none_listed};
    };
    const void* const on_handle = address_of(winmm::no_handle<HANDLE, DWORD>);
    const void* const header = address_of(winmm::no_handle<HANDLE, void*, DWORD>);
    const void* const details = address_of(not_possible<HANDLE, void*, DWORD>);
    const void* const listing = address_of(nothing_to_list<HANDLE, void*, void*, DWORD_PTR, DWORD>);
    const void* const suggest = address_of(not_possible<HANDLE, void*, void*, DWORD, DWORD>);
    return {
        stub("acmDriverAddA", address_of(not_possible<HANDLE*, HINSTANCE, LPARAM, DWORD, DWORD>)),
        stub("acmDriverAddW", address_of(not_possible<HANDLE*, HINSTANCE, LPARAM, DWORD, DWORD>)),
        stub("acmDriverClose", on_handle),
        stub("acmDriverDetailsA", header),
        stub("acmDriverDetailsW", header),
        list("acmDriverEnum", address_of(nothing_to_list<void*, DWORD_PTR, DWORD>)),
        stub("acmDriverID", address_of(winmm::no_handle<HANDLE, HANDLE*, DWORD>)),
        stub("acmDriverMessage", address_of(winmm::no_handle<HANDLE, UINT, LPARAM, LPARAM>)),
        stub("acmDriverOpen", address_of(winmm::no_handle<HANDLE*, HANDLE, DWORD>)),
        stub("acmDriverPriority", address_of(winmm::no_handle<HANDLE, DWORD, DWORD>)),
        stub("acmDriverRemove", on_handle),
        stub("acmFilterDetailsA", details),
        stub("acmFilterDetailsW", details),
        list("acmFilterEnumA", listing),
        list("acmFilterEnumW", listing),
        stub("acmFilterTagDetailsA", details),
        stub("acmFilterTagDetailsW", details),
        list("acmFilterTagEnumA", listing),
        list("acmFilterTagEnumW", listing),
        stub("acmFormatChooseA", address_of(not_possible<void*>)),
        stub("acmFormatChooseW", address_of(not_possible<void*>)),
        stub("acmFormatDetailsA", details),
        stub("acmFormatDetailsW", details),
        list("acmFormatEnumA", listing),
        list("acmFormatEnumW", listing),
        stub("acmFormatSuggest", suggest),
        stub("acmFormatTagDetailsA", details),
        stub("acmFormatTagDetailsW", details),
        list("acmFormatTagEnumA", listing),
        list("acmFormatTagEnumW", listing),
        {"acmGetVersion", address_of(acmGetVersion)},
        {"acmMetrics", address_of(acmMetrics), Coverage::stub,
         "no ACM driver is installed: every count and size is 0"},
        stub("acmStreamClose", on_handle),
        stub("acmStreamConvert", header),
        stub("acmStreamMessage", address_of(winmm::no_handle<HANDLE, UINT, LPARAM, LPARAM>)),
        stub("acmStreamOpen",
             address_of(
                 not_possible<HANDLE*, HANDLE, void*, void*, void*, DWORD_PTR, DWORD_PTR, DWORD>)),
        stub("acmStreamPrepareHeader", header),
        stub("acmStreamReset", on_handle),
        stub("acmStreamSize", address_of(winmm::no_handle<HANDLE, DWORD, DWORD*, DWORD>)),
        stub("acmStreamUnprepareHeader", header),
    };
}

}  // namespace

const Dll& msacm32_dll() {
    static constexpr Dll dll{"msacm32.dll", [] {
                                 static const std::vector<Export> all = exports();
                                 return std::span<const Export>(all);
                             }};
    return dll;
}

}  // namespace instdrv::winapi
