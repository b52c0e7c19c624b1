// midiOut, midiIn and MIDI streams, without devices.
// https://learn.microsoft.com/windows/win32/multimedia/musical-instrument-digital-interface--midi
#include "winapi/exports/export.hpp"
#include "winapi/winmm/error_texts.hpp"
#include "winapi/winmm/results.hpp"

namespace instdrv::winapi::winmm {

namespace {

constexpr UINT MIDI_MAPPER = ~0u;
constexpr MMRESULT MIDIERR_NODEVICE = 68;  // of the mapper alone

MMRESULT midiOutOpen(HANDLE*, UINT device, DWORD_PTR, DWORD_PTR, DWORD) {
    return device == MIDI_MAPPER ? MIDIERR_NODEVICE : MMSYSERR_BADDEVICEID;
}
WINAPI_EXPORT(midiOutOpen, in_winmm, Coverage::stub, "there are no MIDI devices");

}  // namespace

WINAPI_EXPORT_AS("midiConnect", in_winmm, (no_handle<HANDLE, HANDLE, void*>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiDisconnect", in_winmm, (no_handle<HANDLE, HANDLE, void*>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInAddBuffer", in_winmm, (no_handle<HANDLE, void*, UINT>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInClose", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInGetDevCapsA", in_winmm, (no_device<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInGetDevCapsW", in_winmm, (no_device<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInGetErrorTextA", in_winmm, (give_error_text<char>));
WINAPI_EXPORT_AS("midiInGetErrorTextW", in_winmm, (give_error_text<WCHAR>));
WINAPI_EXPORT_AS("midiInGetID", in_winmm, (no_handle<HANDLE, DWORD*>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInGetNumDevs", in_winmm, no_devices, Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInMessage", in_winmm, (no_handle<HANDLE, UINT, DWORD_PTR, DWORD_PTR>),
                 Coverage::stub, "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInOpen", in_winmm, (no_device<HANDLE*, UINT, DWORD_PTR, DWORD_PTR, DWORD>),
                 Coverage::stub, "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInPrepareHeader", in_winmm, (no_handle<HANDLE, void*, UINT>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInReset", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInStart", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInStop", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiInUnprepareHeader", in_winmm, (no_handle<HANDLE, void*, UINT>),
                 Coverage::stub, "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutCacheDrumPatches", in_winmm, (no_handle<HANDLE, UINT, WORD*, UINT>),
                 Coverage::stub, "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutCachePatches", in_winmm, (no_handle<HANDLE, UINT, WORD*, UINT>),
                 Coverage::stub, "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutClose", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutGetDevCapsA", in_winmm, (no_device<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutGetDevCapsW", in_winmm, (no_device<UINT_PTR, void*, UINT>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutGetErrorTextA", in_winmm, (give_error_text<char>));
WINAPI_EXPORT_AS("midiOutGetErrorTextW", in_winmm, (give_error_text<WCHAR>));
WINAPI_EXPORT_AS("midiOutGetID", in_winmm, (no_handle<HANDLE, DWORD*>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutGetNumDevs", in_winmm, no_devices, Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutGetVolume", in_winmm, (no_handle<HANDLE, DWORD*>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutLongMsg", in_winmm, (no_handle<HANDLE, void*, UINT>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutMessage", in_winmm, (no_handle<HANDLE, UINT, DWORD_PTR, DWORD_PTR>),
                 Coverage::stub, "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutPrepareHeader", in_winmm, (no_handle<HANDLE, void*, UINT>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutReset", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutSetVolume", in_winmm, (no_handle<HANDLE, DWORD>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutShortMsg", in_winmm, (no_handle<HANDLE, DWORD>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiOutUnprepareHeader", in_winmm, (no_handle<HANDLE, void*, UINT>),
                 Coverage::stub, "there are no MIDI devices");
WINAPI_EXPORT_AS("midiStreamClose", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiStreamOpen", in_winmm,
                 (no_device<HANDLE*, UINT*, DWORD, DWORD_PTR, DWORD_PTR, DWORD>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiStreamOut", in_winmm, (no_handle<HANDLE, void*, UINT>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiStreamPause", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiStreamPosition", in_winmm, (no_handle<HANDLE, void*, UINT>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiStreamProperty", in_winmm, (no_handle<HANDLE, BYTE*, DWORD>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiStreamRestart", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no MIDI devices");
WINAPI_EXPORT_AS("midiStreamStop", in_winmm, (no_handle<HANDLE>), Coverage::stub,
                 "there are no MIDI devices");

}  // namespace instdrv::winapi::winmm
