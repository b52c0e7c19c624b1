// Joysticks, of which there are none.
// https://learn.microsoft.com/windows/win32/multimedia/joysticks
#include "winapi/winmm/results.hpp"
#include "winapi/winmm/topics.hpp"

namespace instdrv::winapi::winmm {
namespace {

constexpr MMRESULT JOYERR_PARMS = 165;
constexpr MMRESULT JOYERR_UNPLUGGED = 167;

template <class... Parameters>
MMRESULT WINFN unplugged(Parameters...) {
    return JOYERR_UNPLUGGED;
}

template <class... Parameters>
MMRESULT WINFN out_of_range(Parameters...) {
    return JOYERR_PARMS;
}

}  // namespace

std::span<const Export> joystick_exports() {
    constexpr std::string_view none = "there are no joysticks";
    const auto stub = [&](std::string_view name, const void* address) {
        return Export{name, address, Coverage::stub, none};
    };
    static const Export table[] = {
        stub("joyConfigChanged", address_of(out_of_range<DWORD>)),
        stub("joyGetDevCapsA", address_of(out_of_range<UINT_PTR, void*, UINT>)),
        stub("joyGetDevCapsW", address_of(out_of_range<UINT_PTR, void*, UINT>)),
        stub("joyGetNumDevs", address_of(no_devices)),
        stub("joyGetPos", address_of(unplugged<UINT, void*>)),
        stub("joyGetPosEx", address_of(unplugged<UINT, void*>)),
        stub("joyGetThreshold", address_of(out_of_range<UINT, UINT*>)),
        stub("joyReleaseCapture", address_of(out_of_range<UINT>)),
        stub("joySetCapture", address_of(unplugged<HWND, UINT, UINT, BOOL>)),
        stub("joySetThreshold", address_of(out_of_range<UINT, UINT>)),
    };
    return table;
}

}  // namespace instdrv::winapi::winmm
