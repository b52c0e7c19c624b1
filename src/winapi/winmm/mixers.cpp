// Mixers and auxiliary devices, of which there are none.
// https://learn.microsoft.com/windows/win32/multimedia/audio-mixers
#include "winapi/exports/export.hpp"
#include "winapi/winmm/results.hpp"

namespace instdrv::winapi::winmm {

WINAPI_EXPORT_AS("auxGetDevCapsA", in_winmm, (no_device<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("auxGetDevCapsW", in_winmm, (no_device<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("auxGetNumDevs", in_winmm, no_devices, Coverage::stub,
                 "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("auxGetVolume", in_winmm, (no_device<UINT, DWORD*>), Coverage::stub,
                 "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("auxOutMessage", in_winmm, (no_device<UINT, UINT, DWORD_PTR, DWORD_PTR>),
                 Coverage::stub, "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("auxSetVolume", in_winmm, (no_device<UINT, DWORD>), Coverage::stub,
                 "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerClose", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerGetControlDetailsA", in_winmm, (no_handle<HANDLE, void*, DWORD>),
                 Coverage::stub, "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerGetControlDetailsW", in_winmm, (no_handle<HANDLE, void*, DWORD>),
                 Coverage::stub, "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerGetDevCapsA", in_winmm, (no_device<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerGetDevCapsW", in_winmm, (no_device<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerGetID", in_winmm, (no_handle<HANDLE, UINT*, DWORD>), Coverage::stub,
                 "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerGetLineControlsA", in_winmm, (no_handle<HANDLE, void*, DWORD>),
                 Coverage::stub, "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerGetLineControlsW", in_winmm, (no_handle<HANDLE, void*, DWORD>),
                 Coverage::stub, "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerGetLineInfoA", in_winmm, (no_handle<HANDLE, void*, DWORD>), Coverage::stub,
                 "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerGetLineInfoW", in_winmm, (no_handle<HANDLE, void*, DWORD>), Coverage::stub,
                 "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerGetNumDevs", in_winmm, no_devices, Coverage::stub,
                 "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerMessage", in_winmm, (no_handle<HANDLE, UINT, DWORD_PTR, DWORD_PTR>),
                 Coverage::stub, "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerOpen", in_winmm, (no_device<HANDLE*, UINT, DWORD_PTR, DWORD_PTR, DWORD>),
                 Coverage::stub, "there are no mixer and auxiliary devices");
WINAPI_EXPORT_AS("mixerSetControlDetails", in_winmm, (no_handle<HANDLE, void*, DWORD>),
                 Coverage::stub, "there are no mixer and auxiliary devices");

}  // namespace instdrv::winapi::winmm
