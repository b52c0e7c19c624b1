// Mixers and auxiliary devices, of which there are none.
// https://learn.microsoft.com/windows/win32/multimedia/audio-mixers
#include "winapi/winmm/results.hpp"
#include "winapi/winmm/topics.hpp"

namespace instdrv::winapi::winmm {

std::span<const Export> mixer_exports() {
    constexpr std::string_view none = "there are no mixer and auxiliary devices";
    const auto stub = [&](std::string_view name, const void* address) {
        return Export{name, address, Coverage::stub, none};
    };
    const void* const caps = address_of(no_device<UINT_PTR, void*, UINT>);
    const void* const details = address_of(no_handle<HANDLE, void*, DWORD>);
    static const Export table[] = {
        stub("auxGetDevCapsA", caps),
        stub("auxGetDevCapsW", caps),
        stub("auxGetNumDevs", address_of(no_devices)),
        stub("auxGetVolume", address_of(no_device<UINT, DWORD*>)),
        stub("auxOutMessage", address_of(no_device<UINT, UINT, DWORD_PTR, DWORD_PTR>)),
        stub("auxSetVolume", address_of(no_device<UINT, DWORD>)),
        stub("mixerClose", address_of(no_handle<HANDLE>)),
        stub("mixerGetControlDetailsA", details),
        stub("mixerGetControlDetailsW", details),
        stub("mixerGetDevCapsA", caps),
        stub("mixerGetDevCapsW", caps),
        stub("mixerGetID", address_of(no_handle<HANDLE, UINT*, DWORD>)),
        stub("mixerGetLineControlsA", details),
        stub("mixerGetLineControlsW", details),
        stub("mixerGetLineInfoA", details),
        stub("mixerGetLineInfoW", details),
        stub("mixerGetNumDevs", address_of(no_devices)),
        stub("mixerMessage", address_of(no_handle<HANDLE, UINT, DWORD_PTR, DWORD_PTR>)),
        stub("mixerOpen", address_of(no_device<HANDLE*, UINT, DWORD_PTR, DWORD_PTR, DWORD>)),
        stub("mixerSetControlDetails", details),
    };
    return table;
}

}  // namespace instdrv::winapi::winmm
