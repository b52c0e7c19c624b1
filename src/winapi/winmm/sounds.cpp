// PlaySound, which plays nothing: there are no wave devices.
// https://learn.microsoft.com/previous-versions/dd743680(v=vs.85)
#include "winapi/abi.hpp"
#include "winapi/winmm/topics.hpp"

namespace instdrv::winapi::winmm {
namespace {

template <class... Parameters>
BOOL WINFN not_played(Parameters...) {
    return FALSE;
}

}  // namespace

std::span<const Export> sound_exports() {
    constexpr std::string_view none = "there are no wave devices: FALSE";
    static const Export table[] = {
        {"PlaySound", address_of(not_played<const char*, HMODULE, DWORD>), Coverage::stub, none},
        {"PlaySoundA", address_of(not_played<const char*, HMODULE, DWORD>), Coverage::stub, none},
        {"PlaySoundW", address_of(not_played<LPCWSTR, HMODULE, DWORD>), Coverage::stub, none},
        {"sndPlaySoundA", address_of(not_played<const char*, UINT>), Coverage::stub, none},
        {"sndPlaySoundW", address_of(not_played<LPCWSTR, UINT>), Coverage::stub, none},
    };
    return table;
}

}  // namespace instdrv::winapi::winmm
