// waveOut and waveIn, without devices.
// https://learn.microsoft.com/windows/win32/multimedia/waveform-audio
#include "winapi/exports/export.hpp"
#include "winapi/winmm/error_texts.hpp"
#include "winapi/winmm/results.hpp"

namespace instdrv::winapi::winmm {
WINAPI_EXPORT_AS("waveInAddBuffer", in_winmm, (no_handle<HANDLE, void*, UINT>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveInClose", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveInGetDevCapsA", in_winmm, (no_device<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveInGetDevCapsW", in_winmm, (no_device<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveInGetErrorTextA", in_winmm, (give_error_text<char>));
WINAPI_EXPORT_AS("waveInGetErrorTextW", in_winmm, (give_error_text<WCHAR>));
WINAPI_EXPORT_AS("waveInGetID", in_winmm, (no_handle<HANDLE, DWORD*>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveInGetNumDevs", in_winmm, no_devices, Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveInGetPosition", in_winmm, (no_handle<HANDLE, void*, UINT>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveInMessage", in_winmm, (no_handle<HANDLE, UINT, DWORD_PTR, DWORD_PTR>),
                 Coverage::stub, "there are no wave devices");
WINAPI_EXPORT_AS("waveInOpen", in_winmm,
                 (no_device<HANDLE*, UINT, const void*, DWORD_PTR, DWORD_PTR, DWORD>),
                 Coverage::stub, "there are no wave devices");
WINAPI_EXPORT_AS("waveInPrepareHeader", in_winmm, (no_handle<HANDLE, void*, UINT>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveInReset", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveInStart", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveInStop", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveInUnprepareHeader", in_winmm, (no_handle<HANDLE, void*, UINT>),
                 Coverage::stub, "there are no wave devices");
WINAPI_EXPORT_AS("waveOutBreakLoop", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutClose", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutGetDevCapsA", in_winmm, (no_device<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutGetDevCapsW", in_winmm, (no_device<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutGetErrorTextA", in_winmm, (give_error_text<char>));
WINAPI_EXPORT_AS("waveOutGetErrorTextW", in_winmm, (give_error_text<WCHAR>));
WINAPI_EXPORT_AS("waveOutGetID", in_winmm, (no_handle<HANDLE, DWORD*>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutGetNumDevs", in_winmm, no_devices, Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutGetPitch", in_winmm, (no_handle<HANDLE, DWORD*>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutGetPlaybackRate", in_winmm, (no_handle<HANDLE, DWORD*>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutGetPosition", in_winmm, (no_handle<HANDLE, void*, UINT>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutGetVolume", in_winmm, (no_handle<HANDLE, DWORD*>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutMessage", in_winmm, (no_handle<HANDLE, UINT, DWORD_PTR, DWORD_PTR>),
                 Coverage::stub, "there are no wave devices");
WINAPI_EXPORT_AS("waveOutOpen", in_winmm,
                 (no_device<HANDLE*, UINT, const void*, DWORD_PTR, DWORD_PTR, DWORD>),
                 Coverage::stub, "there are no wave devices");
WINAPI_EXPORT_AS("waveOutPause", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutPrepareHeader", in_winmm, (no_handle<HANDLE, void*, UINT>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutReset", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutRestart", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutSetPitch", in_winmm, (no_handle<HANDLE, DWORD>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutSetPlaybackRate", in_winmm, (no_handle<HANDLE, DWORD>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutSetVolume", in_winmm, (no_handle<HANDLE, DWORD>), Coverage::stub,
                 "there are no wave devices");
WINAPI_EXPORT_AS("waveOutUnprepareHeader", in_winmm, (no_handle<HANDLE, void*, UINT>),
                 Coverage::stub, "there are no wave devices");
WINAPI_EXPORT_AS("waveOutWrite", in_winmm, (no_handle<HANDLE, void*, UINT>), Coverage::stub,
                 "there are no wave devices");

}  // namespace instdrv::winapi::winmm
