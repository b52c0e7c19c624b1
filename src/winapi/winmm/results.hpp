// The results that multimedia functions return (mmsystem.h).
#pragma once

#include "winapi/abi.hpp"

namespace instdrv::winapi::winmm {

constexpr MMRESULT MMSYSERR_NOERROR = 0;
constexpr MMRESULT MMSYSERR_BADDEVICEID = 2;
constexpr MMRESULT MMSYSERR_INVALHANDLE = 5;
constexpr MMRESULT MMSYSERR_BADERRNUM = 9;
constexpr MMRESULT MMSYSERR_INVALPARAM = 11;

// What functions answer here that get a handle of an open device: there can be none.
template <class... Parameters>
MMRESULT no_handle(Parameters...) {
    return MMSYSERR_INVALHANDLE;
}

// What functions answer here that get the number of a device.
template <class... Parameters>
MMRESULT no_device(Parameters...) {
    return MMSYSERR_BADDEVICEID;
}

// How many devices there are.
inline UINT no_devices() { return 0; }

}  // namespace instdrv::winapi::winmm
