// Joysticks, of which there are none.
// https://learn.microsoft.com/windows/win32/multimedia/joysticks
#include "winapi/exports/export.hpp"
#include "winapi/winmm/results.hpp"

namespace instdrv::winapi::winmm {
namespace {

constexpr MMRESULT JOYERR_PARMS = 165;
constexpr MMRESULT JOYERR_UNPLUGGED = 167;

template <class... Parameters>
MMRESULT unplugged(Parameters...) {
    return JOYERR_UNPLUGGED;
}
WINAPI_EXPORT_AS("joyGetPos", in_winmm, (unplugged<UINT, void*>), Coverage::stub,
                 "there are no joysticks");
WINAPI_EXPORT_AS("joyGetPosEx", in_winmm, (unplugged<UINT, void*>), Coverage::stub,
                 "there are no joysticks");
WINAPI_EXPORT_AS("joySetCapture", in_winmm, (unplugged<HWND, UINT, UINT, BOOL>), Coverage::stub,
                 "there are no joysticks");

template <class... Parameters>
MMRESULT out_of_range(Parameters...) {
    return JOYERR_PARMS;
}
WINAPI_EXPORT_AS("joyConfigChanged", in_winmm, out_of_range<DWORD>, Coverage::stub,
                 "there are no joysticks");
WINAPI_EXPORT_AS("joyGetDevCapsA", in_winmm, (out_of_range<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no joysticks");
WINAPI_EXPORT_AS("joyGetDevCapsW", in_winmm, (out_of_range<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no joysticks");
WINAPI_EXPORT_AS("joyGetThreshold", in_winmm, (out_of_range<UINT, UINT*>), Coverage::stub,
                 "there are no joysticks");
WINAPI_EXPORT_AS("joyReleaseCapture", in_winmm, out_of_range<UINT>, Coverage::stub,
                 "there are no joysticks");
WINAPI_EXPORT_AS("joySetThreshold", in_winmm, (out_of_range<UINT, UINT>), Coverage::stub,
                 "there are no joysticks");

}  // namespace

WINAPI_EXPORT_AS("joyGetNumDevs", in_winmm, no_devices, Coverage::stub, "there are no joysticks");

}  // namespace instdrv::winapi::winmm
