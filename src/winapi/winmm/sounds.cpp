// PlaySound, which plays nothing: there are no wave devices.
// https://learn.microsoft.com/previous-versions/dd743680(v=vs.85)
#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi::winmm {
namespace {

template <class... Parameters>
BOOL not_played(Parameters...) {
    return FALSE;
}
WINAPI_EXPORT_AS("PlaySound", in_winmm, (not_played<const char*, HMODULE, DWORD>), Coverage::stub,
                 "there are no wave devices: FALSE");
WINAPI_EXPORT_AS("PlaySoundA", in_winmm, (not_played<const char*, HMODULE, DWORD>), Coverage::stub,
                 "there are no wave devices: FALSE");
WINAPI_EXPORT_AS("PlaySoundW", in_winmm, (not_played<LPCWSTR, HMODULE, DWORD>), Coverage::stub,
                 "there are no wave devices: FALSE");
WINAPI_EXPORT_AS("sndPlaySoundA", in_winmm, (not_played<const char*, UINT>), Coverage::stub,
                 "there are no wave devices: FALSE");
WINAPI_EXPORT_AS("sndPlaySoundW", in_winmm, (not_played<LPCWSTR, UINT>), Coverage::stub,
                 "there are no wave devices: FALSE");

}  // namespace

}  // namespace instdrv::winapi::winmm
