// waveOut and waveIn, without devices.
// https://learn.microsoft.com/windows/win32/multimedia/waveform-audio
#include "winapi/winmm/error_texts.hpp"
#include "winapi/winmm/results.hpp"
#include "winapi/winmm/topics.hpp"

namespace instdrv::winapi::winmm {
std::span<const Export> wave_exports() {
    constexpr std::string_view none = "there are no wave devices";
    const auto stub = [&](std::string_view name, const void* address) {
        return Export{name, address, Coverage::stub, none};
    };
    const void* const handle = address_of(no_handle<HANDLE>);
    const void* const with_header = address_of(no_handle<HANDLE, void*, UINT>);
    const void* const get_value = address_of(no_handle<HANDLE, DWORD*>);
    const void* const set_value = address_of(no_handle<HANDLE, DWORD>);
    const void* const caps = address_of(no_device<UINT_PTR, void*, UINT>);
    const void* const open =
        address_of(no_device<HANDLE*, UINT, const void*, DWORD_PTR, DWORD_PTR, DWORD>);
    const void* const message = address_of(no_handle<HANDLE, UINT, DWORD_PTR, DWORD_PTR>);
    static const Export table[] = {
        stub("waveInAddBuffer", with_header),
        stub("waveInClose", handle),
        stub("waveInGetDevCapsA", caps),
        stub("waveInGetDevCapsW", caps),
        {"waveInGetErrorTextA", address_of(give_error_text<char>)},
        {"waveInGetErrorTextW", address_of(give_error_text<WCHAR>)},
        stub("waveInGetID", get_value),
        stub("waveInGetNumDevs", address_of(no_devices)),
        stub("waveInGetPosition", with_header),
        stub("waveInMessage", message),
        stub("waveInOpen", open),
        stub("waveInPrepareHeader", with_header),
        stub("waveInReset", handle),
        stub("waveInStart", handle),
        stub("waveInStop", handle),
        stub("waveInUnprepareHeader", with_header),
        stub("waveOutBreakLoop", handle),
        stub("waveOutClose", handle),
        stub("waveOutGetDevCapsA", caps),
        stub("waveOutGetDevCapsW", caps),
        {"waveOutGetErrorTextA", address_of(give_error_text<char>)},
        {"waveOutGetErrorTextW", address_of(give_error_text<WCHAR>)},
        stub("waveOutGetID", get_value),
        stub("waveOutGetNumDevs", address_of(no_devices)),
        stub("waveOutGetPitch", get_value),
        stub("waveOutGetPlaybackRate", get_value),
        stub("waveOutGetPosition", with_header),
        stub("waveOutGetVolume", get_value),
        stub("waveOutMessage", message),
        stub("waveOutOpen", open),
        stub("waveOutPause", handle),
        stub("waveOutPrepareHeader", with_header),
        stub("waveOutReset", handle),
        stub("waveOutRestart", handle),
        stub("waveOutSetPitch", set_value),
        stub("waveOutSetPlaybackRate", set_value),
        stub("waveOutSetVolume", set_value),
        stub("waveOutUnprepareHeader", with_header),
        stub("waveOutWrite", with_header),
    };
    return table;
}

}  // namespace instdrv::winapi::winmm
