// midiOut, midiIn and MIDI streams, without devices.
// https://learn.microsoft.com/windows/win32/multimedia/musical-instrument-digital-interface--midi
#include "winapi/winmm/error_texts.hpp"
#include "winapi/winmm/results.hpp"
#include "winapi/winmm/topics.hpp"

namespace instdrv::winapi::winmm {

namespace {

constexpr UINT MIDI_MAPPER = ~0u;
constexpr MMRESULT MIDIERR_NODEVICE = 68;  // of the mapper alone

MMRESULT WINFN open_output(HANDLE*, UINT device, DWORD_PTR, DWORD_PTR, DWORD) {
    return device == MIDI_MAPPER ? MIDIERR_NODEVICE : MMSYSERR_BADDEVICEID;
}

}  // namespace

std::span<const Export> midi_exports() {
    constexpr std::string_view none = "there are no MIDI devices";
    const auto stub = [&](std::string_view name, const void* address) {
        return Export{name, address, Coverage::stub, none};
    };
    const void* const handle = address_of(no_handle<HANDLE>);
    const void* const with_header = address_of(no_handle<HANDLE, void*, UINT>);
    const void* const get_value = address_of(no_handle<HANDLE, DWORD*>);
    const void* const set_value = address_of(no_handle<HANDLE, DWORD>);
    const void* const caps = address_of(no_device<UINT_PTR, void*, UINT>);
    const void* const open = address_of(no_device<HANDLE*, UINT, DWORD_PTR, DWORD_PTR, DWORD>);
    const void* const message = address_of(no_handle<HANDLE, UINT, DWORD_PTR, DWORD_PTR>);
    const void* const connect = address_of(no_handle<HANDLE, HANDLE, void*>);
    const void* const patches = address_of(no_handle<HANDLE, UINT, WORD*, UINT>);
    static const Export table[] = {
        stub("midiConnect", connect),
        stub("midiDisconnect", connect),
        stub("midiInAddBuffer", with_header),
        stub("midiInClose", handle),
        stub("midiInGetDevCapsA", caps),
        stub("midiInGetDevCapsW", caps),
        {"midiInGetErrorTextA", address_of(give_error_text<char>)},
        {"midiInGetErrorTextW", address_of(give_error_text<WCHAR>)},
        stub("midiInGetID", get_value),
        stub("midiInGetNumDevs", address_of(no_devices)),
        stub("midiInMessage", message),
        stub("midiInOpen", open),
        stub("midiInPrepareHeader", with_header),
        stub("midiInReset", handle),
        stub("midiInStart", handle),
        stub("midiInStop", handle),
        stub("midiInUnprepareHeader", with_header),
        stub("midiOutCacheDrumPatches", patches),
        stub("midiOutCachePatches", patches),
        stub("midiOutClose", handle),
        stub("midiOutGetDevCapsA", caps),
        stub("midiOutGetDevCapsW", caps),
        {"midiOutGetErrorTextA", address_of(give_error_text<char>)},
        {"midiOutGetErrorTextW", address_of(give_error_text<WCHAR>)},
        stub("midiOutGetID", get_value),
        stub("midiOutGetNumDevs", address_of(no_devices)),
        stub("midiOutGetVolume", get_value),
        stub("midiOutLongMsg", with_header),
        stub("midiOutMessage", message),
        stub("midiOutOpen", address_of(open_output)),
        stub("midiOutPrepareHeader", with_header),
        stub("midiOutReset", handle),
        stub("midiOutSetVolume", set_value),
        stub("midiOutShortMsg", set_value),
        stub("midiOutUnprepareHeader", with_header),
        stub("midiStreamClose", handle),
        stub("midiStreamOpen",
             address_of(no_device<HANDLE*, UINT*, DWORD, DWORD_PTR, DWORD_PTR, DWORD>)),
        stub("midiStreamOut", with_header),
        stub("midiStreamPause", handle),
        stub("midiStreamPosition", with_header),
        stub("midiStreamProperty", address_of(no_handle<HANDLE, BYTE*, DWORD>)),
        stub("midiStreamRestart", handle),
        stub("midiStreamStop", handle),
    };
    return table;
}

}  // namespace instdrv::winapi::winmm
