// msacm32 as it is where no ACM driver is installed: the drivers that use it are mappers of
// devices, which need to convert sound only for devices that are not there either.
// https://learn.microsoft.com/windows/win32/multimedia/audio-compression-manager
#include <vector>

#include "winapi/exports/export.hpp"
#include "winapi/winmm/results.hpp"

namespace instdrv::winapi::msacm32 {
namespace {

constexpr MMRESULT ACMERR_NOTPOSSIBLE = 512;

DWORD acmGetVersion() { return 0x05000000; }
WINAPI_EXPORT(acmGetVersion, in_msacm32);

// Counts of drivers, codecs, filters: none. Sizes are those of the largest structure there is.
MMRESULT acmMetrics(HANDLE, UINT, DWORD* value) {
    if (value == nullptr) return winmm::MMSYSERR_INVALPARAM;
    *value = 0;
    return winmm::MMSYSERR_NOERROR;
}
WINAPI_EXPORT(acmMetrics, in_msacm32, Coverage::stub,
              "no ACM driver is installed: every count and size is 0");

template <class... Parameters>
MMRESULT not_possible(Parameters...) {
    return ACMERR_NOTPOSSIBLE;
}
WINAPI_EXPORT_AS("acmDriverAddA", in_msacm32,
                 (not_possible<HANDLE*, HINSTANCE, LPARAM, DWORD, DWORD>), Coverage::stub,
                 "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmDriverAddW", in_msacm32,
                 (not_possible<HANDLE*, HINSTANCE, LPARAM, DWORD, DWORD>), Coverage::stub,
                 "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmFilterDetailsA", in_msacm32, (not_possible<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmFilterDetailsW", in_msacm32, (not_possible<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmFilterTagDetailsA", in_msacm32, (not_possible<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmFilterTagDetailsW", in_msacm32, (not_possible<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmFormatChooseA", in_msacm32, not_possible<void*>, Coverage::stub,
                 "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmFormatChooseW", in_msacm32, not_possible<void*>, Coverage::stub,
                 "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmFormatDetailsA", in_msacm32, (not_possible<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmFormatDetailsW", in_msacm32, (not_possible<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmFormatSuggest", in_msacm32, (not_possible<HANDLE, void*, void*, DWORD, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmFormatTagDetailsA", in_msacm32, (not_possible<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmFormatTagDetailsW", in_msacm32, (not_possible<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmStreamOpen", in_msacm32,
                 (not_possible<HANDLE*, HANDLE, void*, void*, void*, DWORD_PTR, DWORD_PTR, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");

// Calls back for each of none.
template <class... Parameters>
MMRESULT nothing_to_list(Parameters...) {
    return winmm::MMSYSERR_NOERROR;
}
WINAPI_EXPORT_AS("acmDriverEnum", in_msacm32, (nothing_to_list<void*, DWORD_PTR, DWORD>),
                 Coverage::stub, "no ACM driver is installed: nothing is listed");
WINAPI_EXPORT_AS("acmFilterEnumA", in_msacm32,
                 (nothing_to_list<HANDLE, void*, void*, DWORD_PTR, DWORD>), Coverage::stub,
                 "no ACM driver is installed: nothing is listed");
WINAPI_EXPORT_AS("acmFilterEnumW", in_msacm32,
                 (nothing_to_list<HANDLE, void*, void*, DWORD_PTR, DWORD>), Coverage::stub,
                 "no ACM driver is installed: nothing is listed");
WINAPI_EXPORT_AS("acmFilterTagEnumA", in_msacm32,
                 (nothing_to_list<HANDLE, void*, void*, DWORD_PTR, DWORD>), Coverage::stub,
                 "no ACM driver is installed: nothing is listed");
WINAPI_EXPORT_AS("acmFilterTagEnumW", in_msacm32,
                 (nothing_to_list<HANDLE, void*, void*, DWORD_PTR, DWORD>), Coverage::stub,
                 "no ACM driver is installed: nothing is listed");
WINAPI_EXPORT_AS("acmFormatEnumA", in_msacm32,
                 (nothing_to_list<HANDLE, void*, void*, DWORD_PTR, DWORD>), Coverage::stub,
                 "no ACM driver is installed: nothing is listed");
WINAPI_EXPORT_AS("acmFormatEnumW", in_msacm32,
                 (nothing_to_list<HANDLE, void*, void*, DWORD_PTR, DWORD>), Coverage::stub,
                 "no ACM driver is installed: nothing is listed");
WINAPI_EXPORT_AS("acmFormatTagEnumA", in_msacm32,
                 (nothing_to_list<HANDLE, void*, void*, DWORD_PTR, DWORD>), Coverage::stub,
                 "no ACM driver is installed: nothing is listed");
WINAPI_EXPORT_AS("acmFormatTagEnumW", in_msacm32,
                 (nothing_to_list<HANDLE, void*, void*, DWORD_PTR, DWORD>), Coverage::stub,
                 "no ACM driver is installed: nothing is listed");

WINAPI_EXPORT_AS("acmDriverClose", in_msacm32, (winmm::no_handle<HANDLE, DWORD>), Coverage::stub,
                 "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmDriverDetailsA", in_msacm32, (winmm::no_handle<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmDriverDetailsW", in_msacm32, (winmm::no_handle<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmDriverID", in_msacm32, (winmm::no_handle<HANDLE, HANDLE*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmDriverMessage", in_msacm32, (winmm::no_handle<HANDLE, UINT, LPARAM, LPARAM>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmDriverOpen", in_msacm32, (winmm::no_handle<HANDLE*, HANDLE, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmDriverPriority", in_msacm32, (winmm::no_handle<HANDLE, DWORD, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmDriverRemove", in_msacm32, (winmm::no_handle<HANDLE, DWORD>), Coverage::stub,
                 "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmStreamClose", in_msacm32, (winmm::no_handle<HANDLE, DWORD>), Coverage::stub,
                 "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmStreamConvert", in_msacm32, (winmm::no_handle<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmStreamMessage", in_msacm32, (winmm::no_handle<HANDLE, UINT, LPARAM, LPARAM>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmStreamPrepareHeader", in_msacm32, (winmm::no_handle<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmStreamReset", in_msacm32, (winmm::no_handle<HANDLE, DWORD>), Coverage::stub,
                 "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmStreamSize", in_msacm32, (winmm::no_handle<HANDLE, DWORD, DWORD*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");
WINAPI_EXPORT_AS("acmStreamUnprepareHeader", in_msacm32, (winmm::no_handle<HANDLE, void*, DWORD>),
                 Coverage::stub, "no ACM driver is installed: fails");

}  // namespace

}  // namespace instdrv::winapi::msacm32
